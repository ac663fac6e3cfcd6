using System.Net;
using Sasl.Protocols;

namespace AuthServer.Master;

/// <summary>Two commands of our own, for mailctl: what the defence counts, and its forgetting.</summary>
static class DefenceVerbs
{
    const string IsOff = "reason=auth_limit_guessing is off";

    /// <summary>WHY id user [address]: lines "WHY id text", then DONE id.</summary>
    public static ValueTask<bool> WhyAsync(MasterQuestion question, CancellationToken stop)
    {
        var query = question.Query;
        if (query.Fields is not [{ Length: > 0 } user, .. { Length: <= 1 } rest] || rest is [{ } address] && !IPAddress.TryParse(address, out _))
            return new(false);
        if (question.Host.Defence is not { } defence)
            question.Reply($"FAIL\t{query.Id}\t{IsOff}");
        else if (question.Host.NormalizeName(user) is not { } name)
            question.Reply($"FAIL\t{query.Id}\treason=nobody can have this name");
        else
        {
            foreach (var line in defence.Explain(name, rest is [{ } from] ? from : null))
                question.Reply(TabLine.Join("WHY", query.Id.ToString(), line));
            question.Reply($"DONE\t{query.Id}\t");
        }
        return new(true);
    }

    /// <summary>UNBAN id user-or-address: OK id count.</summary>
    public static ValueTask<bool> UnbanAsync(MasterQuestion question, CancellationToken stop)
    {
        var query = question.Query;
        if (query.Fields is not [{ Length: > 0 } whom])
            return new(false);
        var address = IPAddress.TryParse(whom, out var ip) && (whom.Contains(':') || whom.AsSpan().Count('.') == 3) ? ip : null;
        question.Reply(question.Host.Defence is not { } defence ? $"FAIL\t{query.Id}\t{IsOff}"
            : address is null && question.Host.NormalizeName(whom) is null ? $"FAIL\t{query.Id}\treason=nobody can have this name"
            : $"OK\t{query.Id}\t{defence.Forget(address is null ? question.Host.NormalizeName(whom) : null, address)}");
        return new(true);
    }
}

using AuthServer.Logins;
using AuthServer.Passdb;
using Sasl.Protocols;

namespace AuthServer.Master;

/// <summary>PASS id name service=x: what the passdbs say of a user, without a secret.</summary>
static class PassVerb
{
    public static async ValueTask<bool> AnswerAsync(MasterQuestion question, CancellationToken stop)
    {
        var query = question.Query;
        if (query.Fields.Length == 0 || LoginOrigin.Of(query) is not { } origin)
            return false;
        if (question.Facts(origin) is not { } login)
        {
            question.Reply($"NOTFOUND\t{query.Id}");
            return true;
        }
        var row = await question.Host.Passdbs.LookUpAsync(login, stop);
        question.Reply(row.Kind switch
        {
            PassdbKind.Found => TabLine.Join(["PASS", query.Id.ToString(), $"user={login.User}", .. login.Fields.All.Where(f => f.Name != "user").Select(f => $"{f.Name}={f.Value}")]),
            PassdbKind.Failed => TabLine.Join("FAIL", query.Id.ToString(), $"reason={(question.Host.Passdbs.KnowsNames ? "Internal error occurred" : row.Reason)}"),
            _ => $"NOTFOUND\t{query.Id}",
        });
        return true;
    }
}

using AuthServer.Client;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;

namespace AuthServer.Passdb;

/// <summary>The passdbs in their order: the first that says yes wins; one that is down does not hide the next.</summary>
sealed class PassdbChain(IReadOnlyList<Passdb> passdbs, ILogger log, bool isVerbose)
{
    public IReadOnlyList<Passdb> Passdbs => passdbs;

    /// <summary>
    /// The verdict of the whole chain. Refusals are logged here, where the source is known. Throws when it is cancelled: the time of all is
    /// over, or nobody waits any more.
    /// </summary>
    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, LoginOrigin origin, CancellationToken stop)
    {
        var worst = new Verdict(VerdictKind.Refused, "unknown user");
        foreach (var passdb in passdbs)
        {
            var asked = passdb.Service is { } service ? query with { Service = service } : query;
            var verdict = await passdb.Source.VerifyAsync(asked, stop);
            switch (verdict.Kind)
            {
                case VerdictKind.Ok:
                    return verdict;
                case VerdictKind.Disabled or VerdictKind.Expired:
                    // The password was right: no other database may say otherwise.
                    Log(passdb, origin.Who(query.User), verdict);
                    return verdict;
                case VerdictKind.Unavailable:
                    log.Unavailable(passdb.Driver, origin.Who(query.User), verdict.Reason);
                    worst = verdict;
                    break;
                default:
                    Log(passdb, origin.Who(query.User), verdict);
                    // Without the one that is down nobody can say that the password is wrong.
                    worst = worst.Kind == VerdictKind.Unavailable ? worst : verdict;
                    break;
            }
        }
        return worst;
    }

    void Log(Passdb passdb, string who, Verdict verdict)
    {
        if (isVerbose)
            log.Refused(passdb.Driver, who, verdict.Reason);
    }
}

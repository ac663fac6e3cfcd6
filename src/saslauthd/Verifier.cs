using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd;

/// <summary>One good request: realm, cache, mechanisms, the log line, the reply.</summary>
sealed class Verifier(MechanismChain mechanisms, SuccessCache? cache, bool appendRealm, ILogger log)
{
    /// <summary>
    /// The text of the reply. It says no more than a stranger may know: who has a wrong name and who has a wrong password hear the same,
    /// the difference is in the log. That an account has expired is said to who knows its password.
    /// </summary>
    public async ValueTask<string> AnswerAsync(SaslauthdRequest request, CancellationToken stop)
    {
        var login = appendRealm && request.Realm.Length > 0 ? $"{request.Login}@{request.Realm}" : request.Login;
        var state = cache is null ? null : mechanisms.State;
        if (cache?.Knows(state!, login, request.Realm, request.Service, request.Password.Span) == true)
        {
            SaslauthdMetrics.Cached();
            log.CachedSuccess(SaslauthdLog.Field(login), SaslauthdLog.Field(request.Service), SaslauthdLog.Field(request.Realm));
            return "OK";
        }
        var (verdict, mechanism) = login.Any(char.IsControl)
            ? (new Verdict(VerdictKind.Refused, "Invalid username"), "none")
            : await mechanisms.VerifyAsync(new(login, request.Realm, request.Service, request.Password, request.RemoteIp), stop);
        if (verdict.IsOk)
            cache?.Remember(state!, login, request.Realm, request.Service, request.Password.Span);
        SaslauthdMetrics.Verified(mechanism, verdict.Kind);
        Report(login, request, verdict, mechanism);
        return verdict.Kind switch
        {
            VerdictKind.Ok => "OK",
            VerdictKind.Disabled or VerdictKind.Expired => $"NO {verdict.Reason}",
            VerdictKind.Unavailable when verdict == Verdict.Overloaded => $"NO internal mechanism failure: {verdict.Reason}",
            VerdictKind.Unavailable => "NO internal mechanism failure",
            _ => "NO authentication failed",
        };
    }

    void Report(string login, SaslauthdRequest request, Verdict verdict, string mechanism)
    {
        var (user, service, realm) = (SaslauthdLog.Field(login), SaslauthdLog.Field(request.Service), SaslauthdLog.Field(request.Realm));
        var remote = request.RemoteAddress is { } address ? SaslauthdLog.Field(address) : null;
        var reason = verdict.Reason.Length > 0 ? SaslauthdLog.Field(verdict.Reason) : "Unknown";
        switch (verdict.IsOk, remote)
        {
            case (true, null):
                log.Success(user, service, realm, mechanism);
                break;
            case (true, _):
                log.SuccessFrom(user, service, realm, remote, mechanism);
                break;
            case (false, null):
                log.Failure(user, service, realm, mechanism, reason);
                break;
            default:
                log.FailureFrom(user, service, realm, remote, mechanism, reason);
                break;
        }
    }
}

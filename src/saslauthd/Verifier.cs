using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd;

/// <summary>One good request: realm, cache, mechanisms, the log line, the reply.</summary>
/// <param name="successLevel">That of the lines about successes: Cyrus has them at debug, seen only with -V.</param>
sealed class Verifier(MechanismChain mechanisms, SuccessCache? cache, bool appendRealm, ILogger log, LogLevel successLevel = LogLevel.Debug)
{
    /// <summary>What is known without asking anybody. It is logged and counted when that is enough.</summary>
    public CacheLook Look(SaslauthdRequest request, Explanation? explanation)
    {
        var login = LoginOf(request);
        explanation?.Add($"login \"{login}\", realm \"{request.Realm}\", service \"{request.Service}\"{(appendRealm ? " (-r: the realm is appended to the login)" : "")}");
        if (cache is null)
        {
            explanation?.Add("cache: none (-c is not set)");
            return new(login, null, 0, false);
        }
        var flushes = cache.Flushes;
        var state = mechanisms.State;
        var isKnown = cache.Knows(state, login, request.Realm, request.Service, request.Password.Span);
        explanation?.Add(isKnown ? "cache: this password was right before, and nothing has changed since" : "cache: not known, the mechanisms are asked");
        if (isKnown)
        {
            SaslauthdMetrics.Cached();
            ReportCached(login, request);
        }
        return new(login, state, flushes, isKnown);
    }

    /// <summary>
    /// Asks the mechanisms. The text of the reply says no more than a stranger may know: who has a wrong name and who has a wrong password hear the same,
    /// the difference is in the log. That an account has expired is said to who knows its password.
    /// </summary>
    /// <param name="asker">The uid of the program that asks.</param>
    /// <param name="explanation">Takes the steps when somebody wants to know them, else null.</param>
    public async ValueTask<string> AskAsync(SaslauthdRequest request, CacheLook look, uint asker, Explanation? explanation, CancellationToken stop)
    {
        var login = look.Login;
        var isText = !login.Any(char.IsControl);
        if (!isText)
            explanation?.Add("the login has a control character in it: nobody is asked");
        var (verdict, mechanism) = !isText
            ? (new Verdict(VerdictKind.Refused, "Invalid username"), "none")
            : await mechanisms.VerifyAsync(
                new(login, request.Realm, request.Service, request.Password, request.RemoteIp) { Asker = asker, Explanation = explanation }, stop);
        if (verdict.IsOk && look.State is { } state)
            cache?.Remember(state, login, request.Realm, request.Service, request.Password.Span, look.Flushes);
        SaslauthdMetrics.Verified(mechanism, verdict.Kind);
        Report(login, request, verdict, mechanism);
        return ReplyOf(verdict);
    }

    /// <summary>There are too many requests already: nobody is asked.</summary>
    public string TurnAway(SaslauthdRequest request)
    {
        SaslauthdMetrics.Verified("none", VerdictKind.Unavailable);
        Report(LoginOf(request), request, Verdict.Overloaded, "none");
        return ReplyOf(Verdict.Overloaded);
    }

    string LoginOf(SaslauthdRequest request) => appendRealm && request.Realm.Length > 0 ? $"{request.Login}@{request.Realm}" : request.Login;

    static string ReplyOf(Verdict verdict) => verdict.Kind switch
    {
        VerdictKind.Ok => "OK",
        VerdictKind.Disabled or VerdictKind.Expired => $"NO {verdict.Reason}",
        VerdictKind.Unavailable when verdict == Verdict.Overloaded => $"NO internal mechanism failure: {verdict.Reason}",
        VerdictKind.Unavailable => "NO internal mechanism failure",
        _ => "NO authentication failed",
    };

    void ReportCached(string login, SaslauthdRequest request)
    {
        if (!log.IsEnabled(successLevel))
            return;
        var (user, service, realm) = (SaslauthdLog.Field(login), SaslauthdLog.Field(request.Service), SaslauthdLog.Field(request.Realm));
        if (request.RemoteAddress is { } address)
            log.CachedSuccessFrom(successLevel, user, service, realm, SaslauthdLog.Field(address));
        else
            log.CachedSuccess(successLevel, user, service, realm);
    }

    void Report(string login, SaslauthdRequest request, Verdict verdict, string mechanism)
    {
        var (user, service, realm) = (SaslauthdLog.Field(login), SaslauthdLog.Field(request.Service), SaslauthdLog.Field(request.Realm));
        var remote = request.RemoteAddress is { } address ? SaslauthdLog.Field(address) : null;
        var reason = verdict.Reason.Length > 0 ? SaslauthdLog.Field(verdict.Reason) : "Unknown";
        switch (verdict.IsOk, remote)
        {
            case (true, null):
                log.Success(successLevel, user, service, realm, mechanism);
                break;
            case (true, _):
                log.SuccessFrom(successLevel, user, service, realm, remote, mechanism);
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

/// <summary>What the cache says.</summary>
/// <param name="Login">With the realm when -r says so.</param>
/// <param name="State">That of the mechanisms before they are asked; null without a cache.</param>
/// <param name="Flushes">What had been forgotten on request before they are asked.</param>
readonly record struct CacheLook(string Login, ChainState? State, long Flushes, bool IsKnown);

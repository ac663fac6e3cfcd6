using AuthServer.Defence;
using Sasl.Mechanisms;

namespace AuthServer.Logins;

/// <summary>How one login has ended: for the audit, the counters and the metrics.</summary>
/// <param name="Login">Who, from where, over what; null when it never came to a name.</param>
/// <param name="Origin">From where, in any case.</param>
/// <param name="User">Success: the user of the session. Failure: the name that was tried, "" when none was.</param>
/// <param name="Failure">Null when it has succeeded.</param>
/// <param name="Reason">For the log; never a secret.</param>
/// <param name="Took">From the AUTH to the decision, without the delay of a refusal and with the client's own thinking.</param>
sealed record LoginDecision(LoginFacts? Login, LoginOrigin Origin, string User, FailureKind? Failure, string Reason, TimeSpan Took)
{
    public bool IsSuccess => Failure is null;

    /// <summary>A guard has refused it: the secret was not looked at, or what was found did not count.</summary>
    public bool IsHeldBack { get; init; }

    /// <summary>The name of the app password that was right; null when it was another one, or none.</summary>
    public string? AppPassword { get; init; }

    /// <summary>What the defence has held for it.</summary>
    public Reservation? Reservation { get; init; }
}

namespace Sasl.Credentials;

/// <summary>A place that can say whether a password is right: shadow, the secrets database, saslauthd, …</summary>
public interface IPasswordSource
{
    /// <summary>The driver's name as the configuration and the log spell it.</summary>
    string Name { get; }

    /// <summary>
    /// Asks. Never throws for a wrong password, an unknown user or a source that is down: those are verdicts. An unknown user takes as
    /// long as a known one.
    /// </summary>
    ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop);

    /// <summary>
    /// Changes when an earlier answer may no longer be true. Always the same where the source cannot tell (another machine's database):
    /// then a remembered success ends by time alone.
    /// </summary>
    SourceState State => default;
}

/// <summary>What is asked.</summary>
/// <param name="User">The login name, without NUL, TAB or line ends.</param>
/// <param name="Realm">May be empty.</param>
/// <param name="Service">The SASL service name: smtp, imap, pop, …</param>
/// <param name="Password">UTF-8 as the client sent it. The source keeps no copy.</param>
/// <param name="RemoteAddress">The client's address for logs and PAM, or null.</param>
public sealed record PasswordQuery(string User, string Realm, string Service, ReadOnlyMemory<byte> Password, string? RemoteAddress)
{
    /// <summary>Where the source tells its steps, when somebody wants to know how it came to its verdict; else null.</summary>
    public Explanation? Explanation { get; init; }

    /// <summary>The uid of the program that asks, where the question came over a socket: no uid may take the places of all.</summary>
    public uint? Asker { get; init; }
}

public enum VerdictKind
{
    Ok,

    /// <summary>Wrong password, and also unknown user: nobody outside may tell them apart.</summary>
    Refused,

    /// <summary>The password was right but the account may not be used now.</summary>
    Disabled,

    /// <summary>The password was right but is too old.</summary>
    Expired,

    /// <summary>The source could not be asked.</summary>
    Unavailable,
}

/// <param name="Reason">For the log only; never holds a secret.</param>
public readonly record struct Verdict(VerdictKind Kind, string Reason)
{
    public static Verdict Ok => new(VerdictKind.Ok, "");

    /// <summary>More is asked than there is time for; a moment later the same question may be answered.</summary>
    public static Verdict Overloaded => new(VerdictKind.Unavailable, "too many verifications are waiting");

    /// <summary>It took longer than anybody wants to wait.</summary>
    public static Verdict TimedOut => new(VerdictKind.Unavailable, "timed out");

    public bool IsOk => Kind == VerdictKind.Ok;
}

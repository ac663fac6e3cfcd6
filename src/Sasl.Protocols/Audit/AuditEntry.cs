namespace Sasl.Protocols.Audit;

/// <summary>One event of the audit log, as the auth server writes it and mailctl shows it. Never a secret.</summary>
public sealed record AuditEntry
{
    public const string Login = "login", Start = "start", Stop = "stop", Lost = "lost";

    /// <summary>login: a decision. start, stop: of the auth server. lost: so many events could not be written (<see cref="Count"/>).</summary>
    public string Event { get; init; } = Login;

    /// <summary>In the order of writing, over all files and restarts, without gaps.</summary>
    public long Sequence { get; init; }

    public DateTimeOffset Time { get; init; }

    /// <summary>login: ok; refused: wrong password, unknown user, account closed; held: a limit of the defence; error: nobody could tell.</summary>
    public string Result { get; init; } = "";

    public string User { get; init; } = "";

    /// <summary>The name as the client spelled it, when that is another.</summary>
    public string Given { get; init; } = "";

    /// <summary>Who has acted as the user.</summary>
    public string Master { get; init; } = "";

    public string Address { get; init; } = "";

    public string Service { get; init; } = "";

    public string Mechanism { get; init; } = "";

    /// <summary>tls, secured (on this host), or "".</summary>
    public string Security { get; init; } = "";

    public string Reason { get; init; } = "";

    public string Passdb { get; init; } = "";

    /// <summary>The name of the app password.</summary>
    public string AppPassword { get; init; } = "";

    public string Session { get; init; } = "";

    /// <summary>Milliseconds from the client's first word to the decision.</summary>
    public long Took { get; init; }

    /// <summary>lost: how many.</summary>
    public long Count { get; init; }

    /// <summary>start: the line before was cut short by a crash.</summary>
    public bool IsAfterTorn { get; init; }
}

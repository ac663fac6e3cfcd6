namespace Sasl.Mechanisms;

/// <summary>How an exchange ended. A refusal is a value, never an exception.</summary>
public abstract record SaslOutcome
{
    SaslOutcome()
    {
    }

    /// <summary>Server: who has been authenticated and as whom he acts. Client: we have nothing more to ask and trust the server.</summary>
    /// <param name="AuthenticationId">Whose secret it was, in the host's spelling; "anonymous" when nobody's.</param>
    /// <param name="AuthorizationId">As whom he acts: the user of the session.</param>
    /// <param name="FinalData">Server: data that goes with the success. Client: the last response, when the server still waits for one.</param>
    public sealed record Success(string AuthenticationId, string AuthorizationId, byte[]? FinalData = null) : SaslOutcome
    {
        /// <summary>The client gave no identity and asked for none (RFC 4505).</summary>
        public bool IsAnonymous { get; init; }

        /// <summary>What an anonymous client said of itself, for the log; at most 255 characters.</summary>
        public string Trace { get; init; } = "";

        /// <summary>Server: the host's stored secret that was proven; of <see cref="ScramAlternatives"/> the one. Null where none was compared here.</summary>
        public StoredSecret? Secret { get; init; }

        /// <summary>What protects all that follows the outcome on the connection (RFC 4422 §3.7), or null. The host disposes it.</summary>
        public SecurityLayer? Layer { get; init; }
    }

    /// <summary>Nobody is authenticated.</summary>
    /// <param name="Kind">What the host may act upon.</param>
    /// <param name="Reason">For the log only; the peer learns nothing of it. Never holds a secret.</param>
    /// <param name="AuthenticationId">The name that was tried, when the exchange came that far: as the peer spelled it, control characters included.</param>
    public sealed record Failure(FailureKind Kind, string Reason, string? AuthenticationId = null) : SaslOutcome;

    /// <summary>The peer broke the mechanism's rules.</summary>
    public static Failure Malformed(string reason, string? authenticationId = null) => new(FailureKind.MalformedMessage, reason, authenticationId);
}

/// <summary>Why an exchange failed.</summary>
public enum FailureKind
{
    /// <summary>The peer broke the mechanism's rules; or, on a client, following them its own credentials cannot be sent.</summary>
    MalformedMessage,

    /// <summary>Wrong secret, or nobody of that name: outside nobody may tell them apart.</summary>
    BadCredentials,

    /// <summary>The identity is proven but may not act as the one that was asked for.</summary>
    NotAuthorized,

    /// <summary>The secret was right but the account may not be used.</summary>
    Disabled,

    /// <summary>The secret was right but is too old.</summary>
    Expired,

    /// <summary>Nobody could tell; the same attempt may succeed later.</summary>
    Temporary,

    /// <summary>Client side: the server could not prove itself, or refused.</summary>
    ServerNotTrusted,

    /// <summary>The two sides do not see the same channel, or one of them was told a lie about it: perhaps somebody sits in the middle.</summary>
    ChannelBinding,
}

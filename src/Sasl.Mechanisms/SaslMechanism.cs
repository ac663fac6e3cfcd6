namespace Sasl.Mechanisms;

/// <summary>Properties that policies ask for.</summary>
[Flags]
public enum MechanismFlags
{
    None = 0,

    /// <summary>The secret itself goes over the line.</summary>
    Plaintext = 1,

    /// <summary>Can be attacked while it runs.</summary>
    Active = 2,

    /// <summary>Who listens can try passwords at home.</summary>
    Dictionary = 4,

    /// <summary>No identity at all.</summary>
    Anonymous = 8,

    /// <summary>The server proves itself too.</summary>
    MutualAuth = 16,

    ForwardSecrecy = 32,

    /// <summary>Bound to the TLS channel (-PLUS).</summary>
    ChannelBinding = 64,

    /// <summary>Messages may hold NUL; for every other mechanism a NUL ends the exchange.</summary>
    AllowsNul = 128,
}

/// <summary>Who speaks first (RFC 4422 §5).</summary>
public enum FirstMessage
{
    Client,

    Server,

    /// <summary>The server, but an initial response is taken as the answer to its first challenge (LOGIN).</summary>
    ServerUnlessInitial,
}

/// <summary>One side of a mechanism: asks, asks, decides, in the order of its RFC.</summary>
public delegate Task<SaslOutcome> ServerSide(ISaslDialogue client, ICredentials credentials, CancellationToken stop);

/// <inheritdoc cref="ServerSide"/>
public delegate Task<SaslOutcome> ClientSide(ISaslDialogue server, ClientCredentials credentials, CancellationToken stop);

/// <summary>A line of the mechanism table.</summary>
/// <param name="Strength">A client that may choose takes the strongest.</param>
public sealed record SaslMechanism(string Name, FirstMessage First, MechanismFlags Flags, int Strength, ServerSide Server, ClientSide Client);

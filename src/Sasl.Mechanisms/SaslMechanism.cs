namespace Sasl.Mechanisms;

/// <summary>Properties that policies ask for.</summary>
[Flags]
public enum MechanismFlags
{
    /// <summary>None of them.</summary>
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

    /// <summary>A secret that is learnt later opens no earlier session, and one session's secret no other.</summary>
    ForwardSecrecy = 32,

    /// <summary>Bound to the TLS channel (-PLUS).</summary>
    ChannelBinding = 64,

    /// <summary>Messages may hold NUL; for every other mechanism a NUL ends the exchange.</summary>
    AllowsNul = 128,
}

/// <summary>Who speaks first (RFC 4422 §5).</summary>
public enum FirstMessage
{
    /// <summary>The client: its first message can travel as the initial response.</summary>
    Client,

    /// <summary>The server; an initial response breaks the rules.</summary>
    Server,

    /// <summary>The server, but the mechanism has a use for an initial response: the answer to the first challenge (LOGIN), an earlier login's nonce (DIGEST-MD5).</summary>
    ServerUnlessInitial,
}

/// <summary>What a client must have to use a mechanism.</summary>
public enum ClientNeed
{
    /// <summary>Nothing (ANONYMOUS).</summary>
    Nothing,

    /// <summary>A name and a password.</summary>
    Password,

    /// <summary>A bearer token.</summary>
    Token,

    /// <summary>Kerberos: a ticket, or name and password to get one.</summary>
    Kerberos,

    /// <summary>An identity that the channel proves.</summary>
    Channel,
}

/// <summary>
/// A server's side of a mechanism: asks, asks, decides, in the order of its RFC. It reads no clock, no network, no randomness but through its
/// parameters, refuses by its return value, and throws only what a parameter threw.
/// </summary>
public delegate ValueTask<SaslOutcome> ServerSide(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop);

/// <summary>A client's side of a mechanism, likewise.</summary>
public delegate ValueTask<SaslOutcome> ClientSide(ISaslDialogue server, ClientCredentials credentials, CancellationToken stop);

/// <summary>A line of the mechanism table.</summary>
/// <param name="Name">As registered, in capitals.</param>
/// <param name="First">Who speaks first.</param>
/// <param name="Flags">Its properties.</param>
/// <param name="Strength">A client that may choose takes the strongest.</param>
/// <param name="Server">The server's side.</param>
/// <param name="Client">The client's side.</param>
public sealed record SaslMechanism(string Name, FirstMessage First, MechanismFlags Flags, int Strength, ServerSide Server, ClientSide Client)
{
    /// <summary>Greatest strength of its own security layer, in bits of key; 0 when it has none.</summary>
    public int MaxSsf { get; init; }

    /// <summary>What a client must have.</summary>
    public ClientNeed Need { get; init; } = ClientNeed.Password;
}

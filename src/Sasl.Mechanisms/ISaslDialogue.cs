namespace Sasl.Mechanisms;

/// <summary>
/// The other side, as one mechanism sees it. The memory that the methods return is the session's and is zeroed when the exchange ends: keep
/// nothing of it. The methods end with OperationCanceledException when the exchange is given up; a mechanism lets that pass.
/// </summary>
public interface ISaslDialogue
{
    /// <summary>
    /// The peer's first message is there already: on a server the client sent an initial response, on a client the server has spoken. On a
    /// client without it, a mechanism whose server speaks first may begin nevertheless; else its <see cref="FirstAsync"/> waits.
    /// </summary>
    bool HasFirst { get; }

    /// <summary>
    /// The peer's first message. On a server: the initial response when the client sent one, else the answer to
    /// <paramref name="challenge"/> (none: a challenge of zero length). On a client: the server's first challenge.
    /// </summary>
    ValueTask<ReadOnlyMemory<byte>> FirstAsync(byte[]? challenge = null);

    /// <summary>Sends a message and waits for the peer's next. The array is handed over: it is neither read nor written afterwards.</summary>
    ValueTask<ReadOnlyMemory<byte>> AskAsync(byte[] message);

    /// <summary>Client side: sends the last message there is. Null when the server then says yes; else what it still has to say.</summary>
    ValueTask<ReadOnlyMemory<byte>?> AskLastAsync(byte[] message);

    /// <summary>What the host knows of the connection.</summary>
    SaslChannel Channel { get; }

    /// <summary>What the host has settled for all exchanges: limits, randomness, the key of the decoys.</summary>
    SaslSettings Settings { get; }

    /// <summary>Client side: what is to be said of channel bindings (RFC 5802 §6).</summary>
    BindingUse Binding { get; }
}

/// <summary>A client's word on channel bindings: the flag of a GS2 header (RFC 5801 §5).</summary>
public enum BindingUse
{
    /// <summary>"n": the client has none, or does not use them.</summary>
    None,

    /// <summary>"y": it has one, and thinks that the server has none. A server that has one knows by this that its offer was altered on the way.</summary>
    NotOffered,

    /// <summary>"p": it is used.</summary>
    Used,
}

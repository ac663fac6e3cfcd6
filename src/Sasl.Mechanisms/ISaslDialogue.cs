namespace Sasl.Mechanisms;

/// <summary>
/// The other side, as one mechanism sees it. The memory that the methods return is zeroed when the exchange ends: keep nothing of it.
/// The methods end with OperationCanceledException when the exchange is given up; a mechanism lets that pass.
/// </summary>
public interface ISaslDialogue
{
    /// <summary>
    /// The peer's first message. On a server: the initial response when the client sent one, else the answer to
    /// <paramref name="challenge"/>. On a client: the server's first challenge.
    /// </summary>
    ValueTask<ReadOnlyMemory<byte>> FirstAsync(ReadOnlyMemory<byte> challenge = default);

    /// <summary>Sends a message and waits for the peer's next.</summary>
    ValueTask<ReadOnlyMemory<byte>> AskAsync(ReadOnlyMemory<byte> message);

    /// <summary>The channel's binding data of a type ("tls-exporter", "tls-server-end-point", "tls-unique"), or null when it has none.</summary>
    ValueTask<byte[]?> ChannelBindingAsync(string type);
}

using System.Buffers.Binary;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>The security layers as RFC 4752 §3.3 numbers them.</summary>
[Flags]
enum GssLayers : byte
{
    Nothing = 0,
    None = 1,
    Integrity = 2,
    Confidentiality = 4,
}

/// <summary>The message of four bytes and more in which both sides settle the layer (RFC 4752 §3.1, §3.2).</summary>
/// <param name="Layers">Server: what it has. Client: the one it takes.</param>
/// <param name="LongestPacket">Most bytes of a packet that the sender takes; three bytes on the wire.</param>
readonly record struct LayerMessage(GssLayers Layers, int LongestPacket)
{
    public const int Size = 4;

    const int MostLongestPacket = 0xffffff;

    public static LayerMessage Read(ReadOnlySpan<byte> message) =>
        new((GssLayers)message[0], BinaryPrimitives.ReadInt32BigEndian(message) & MostLongestPacket);

    /// <summary>Followed by the authorization identity on the client's side, without NUL.</summary>
    public byte[] Write(ReadOnlySpan<byte> authorizationId = default)
    {
        var message = new byte[Size + authorizationId.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, Math.Min(LongestPacket, MostLongestPacket));
        message[0] = (byte)Layers;
        authorizationId.CopyTo(message.AsSpan(Size));
        return message;
    }
}

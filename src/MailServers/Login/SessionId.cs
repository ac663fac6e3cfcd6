using System.Buffers.Binary;

namespace MailServers.Login;

/// <summary>The id that joins all log lines of one client: base64 of 48 bits of time in microseconds, port and address.</summary>
static class SessionId
{
    public static string Create(LoginPeer peer, DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(id, (now - DateTimeOffset.UnixEpoch).Ticks / 10);
        BinaryPrimitives.WriteUInt16LittleEndian(id[6..], (ushort)peer.RemotePort);
        peer.Remote.TryWriteBytes(id[8..], out var length);
        return Convert.ToBase64String(id[..(8 + length)]);
    }
}

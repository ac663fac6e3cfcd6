using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Sasl.Protocols.Saslauthd;

/// <summary>saslauthd's side of the beginning: what a worker is made from, sent in packets.</summary>
public static class WorkerChannel
{
    /// <summary>The longest packet in either direction: two texts of 64 KiB, and more than an answer's steps.</summary>
    public const int LongestPacket = 160 * 1024;

    const int Piece = 32 * 1024;

    /// <summary>Blocks; SocketException when the worker is not there.</summary>
    public static void SendBeginning(Socket channel, string? option, string settings, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        if (option is not null)
            Send(channel, WorkerVerb.Option, [], Encoding.UTF8.GetBytes(option));
        // Cut between characters: each piece is decoded by itself.
        foreach (var piece in settings.EnumerateRunes().Chunk(Piece / 4))
            Send(channel, WorkerVerb.Settings, [], Encoding.UTF8.GetBytes(string.Concat(piece)));
        foreach (var (path, content) in files)
        {
            var name = Encoding.UTF8.GetBytes(path);
            var head = new byte[2 + name.Length];
            BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)name.Length);
            name.CopyTo(head, 2);
            for (var at = 0; at == 0 || at < content.Length; at += Piece)
                Send(channel, WorkerVerb.File, head, content.Slice(at, Math.Min(Piece, content.Length - at)));
        }
        Send(channel, WorkerVerb.Go, [], default);
    }

    static void Send(Socket channel, byte verb, byte[] head, ReadOnlyMemory<byte> body)
    {
        byte[] packet = [verb, .. head, .. body.Span];
        channel.Send(packet);
        packet.AsSpan().Clear();
    }
}

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

    public static async Task SendBeginningAsync(Socket channel, string? option, string settings, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, CancellationToken stop)
    {
        if (option is not null)
            await SendAsync(channel, WorkerVerb.Option, [], Encoding.UTF8.GetBytes(option), stop);
        // Cut between characters: each piece is decoded by itself.
        foreach (var piece in settings.EnumerateRunes().Chunk(Piece / 4))
            await SendAsync(channel, WorkerVerb.Settings, [], Encoding.UTF8.GetBytes(string.Concat(piece)), stop);
        foreach (var (path, content) in files)
        {
            var name = Encoding.UTF8.GetBytes(path);
            var head = new byte[2 + name.Length];
            BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)name.Length);
            name.CopyTo(head, 2);
            for (var at = 0; at == 0 || at < content.Length; at += Piece)
                await SendAsync(channel, WorkerVerb.File, head, content.Slice(at, Math.Min(Piece, content.Length - at)), stop);
        }
        await SendAsync(channel, WorkerVerb.Go, [], default, stop);
    }

    static async Task SendAsync(Socket channel, byte verb, byte[] head, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        byte[] packet = [verb, .. head, .. body.Span];
        await channel.SendAsync(packet, stop);
        packet.AsSpan().Clear();
    }
}

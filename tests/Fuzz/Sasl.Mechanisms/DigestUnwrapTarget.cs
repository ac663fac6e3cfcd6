using System.Buffers;
using System.Text;
using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>
/// DIGEST-MD5's layers against any bytes. The first byte says which; what comes out must be what the peer would have sent with exactly these bytes, and after a broken
/// packet nothing comes out.
/// </summary>
static class DigestUnwrapTarget
{
    const int Buffer = 4096;

    static readonly DigestProtection[] _layers = [.. DigestProtection.All.Where(p => p.IsLayer)];

    public static readonly string[] Seeds = [.. _layers.SelectMany((_, i) => new[] { Seed(i, "hello", "", "second"), Seed(i, new string('x', 300)) }), "0\0\0\0\0", "1\u00ff\u00ff\u00ff\u00ff", "4\0\0\0\u0010\0\0\0"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var which = input[0] % _layers.Length;
        using var receiver = Layer(which, isClient: false);
        using var sender = Layer(which, isClient: true);
        var wire = new ReadOnlySequence<byte>(input[1..].ToArray());
        while (!wire.IsEmpty)
        {
            var before = wire;
            var output = new ArrayBufferWriter<byte>();
            var result = receiver.Unwrap(ref wire, output);
            if (result != UnwrapResult.Data)
            {
                Check.That(output.WrittenCount == 0 && wire.Length == before.Length, "data of a packet that is not whole");
                Check.That(result == UnwrapResult.NeedMore || receiver.Unwrap(ref wire, output) == UnwrapResult.Broken, "a broken layer that works again");
                return;
            }
            // Nobody but the peer makes packets: of no data none are made by ours.
            var expected = new ArrayBufferWriter<byte>();
            sender.Wrap(output.WrittenSpan, expected);
            Check.Same(expected.WrittenSpan, before.Slice(0, before.Length - wire.Length).ToArray(), "a packet");
        }
    }

    static SecurityLayer Layer(int which, bool isClient) =>
        _layers[which].Layer(new byte[16], isClient, Buffer, SaslStill.Settings with { LongestPacket = Buffer })!;

    static string Seed(int which, params string[] messages)
    {
        using var sender = Layer(which, isClient: true);
        var wire = new ArrayBufferWriter<byte>();
        foreach (var message in messages)
            sender.Wrap(Encoding.ASCII.GetBytes(message), wire);
        // "0" is a multiple of six.
        return (char)('0' + which) + Encoding.Latin1.GetString(wire.WrittenSpan);
    }
}

using System.Buffers.Binary;
using System.Numerics;

namespace Sasl.Mechanisms;

/// <summary>MD4 (RFC 1320), which the platform does not have. For one-time passwords only: nothing else may rest on it.</summary>
static class Md4
{
    public const int HashSize = 16;

    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<uint> state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
        PaddedBlocks.Run(state, 0, data, isBigEndian: false, Compress);
        for (var i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(hash[(4 * i)..], state[i]);
    }

    static ReadOnlySpan<byte> Shifts => [3, 7, 11, 19, 3, 5, 9, 13, 3, 9, 11, 15];

    // RFC 1320 §3.4: the order of the words in the second and the third round.
    static ReadOnlySpan<byte> Order => [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15];

    static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        for (var i = 0; i < 48; i++)
        {
            var (mixed, word) = (i >> 4) switch
            {
                0 => ((b & c) | (~b & d), i),
                1 => (((b & c) | (b & d) | (c & d)) + 0x5a827999, Order[i - 16]),
                _ => ((b ^ c ^ d) + 0x6ed9eba1, Order[i - 16]),
            };
            var sum = a + mixed + BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * word)..]);
            (a, d, c, b) = (d, c, b, BitOperations.RotateLeft(sum, Shifts[((i >> 4) * 4) + (i & 3)]));
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }
}

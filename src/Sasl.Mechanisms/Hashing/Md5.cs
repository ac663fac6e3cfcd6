using System.Buffers.Binary;
using System.Numerics;

namespace Sasl.Mechanisms;

/// <summary>
/// MD5 (RFC 1321) that can go on from a stored chaining value, which the platform's cannot. For the verifiers of CRAM-MD5 only; whole
/// messages are the platform's work.
/// </summary>
static class Md5
{
    /// <summary>Hashes <paramref name="data"/> as what follows one block whose chaining value is given: 16 bytes, four little-endian words.</summary>
    public static void Continue(ReadOnlySpan<byte> chainingValue, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<uint> state = stackalloc uint[4];
        for (var i = 0; i < state.Length; i++)
            state[i] = BinaryPrimitives.ReadUInt32LittleEndian(chainingValue[(4 * i)..]);
        PaddedBlocks.Run(state, PaddedBlocks.Size, data, isBigEndian: false, Compress);
        Write(state, hash);
    }

    /// <summary>The chaining value after one block, as <see cref="Continue"/> takes it.</summary>
    public static void ChainingValue(ReadOnlySpan<byte> block, Span<byte> value)
    {
        Span<uint> state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
        Compress(state, block);
        Write(state, value);
    }

    // RFC 1321 §3.4: T[i] is the integer part of 4294967296 times abs(sin(i)), i in radians.
    static readonly uint[] _sines = [.. Enumerable.Range(1, 64).Select(i => (uint)(4294967296.0 * Math.Abs(Math.Sin(i))))];
    static readonly byte[] _shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

    static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        for (var i = 0; i < 64; i++)
        {
            var (mixed, word) = (i >> 4) switch
            {
                0 => ((b & c) | (~b & d), i),
                1 => ((d & b) | (~d & c), (5 * i) + 1),
                2 => (b ^ c ^ d, (3 * i) + 5),
                _ => (c ^ (b | ~d), 7 * i),
            };
            var sum = a + mixed + _sines[i] + BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * (word & 15))..]);
            (a, d, c, b) = (d, c, b, b + BitOperations.RotateLeft(sum, _shifts[((i >> 4) * 4) + (i & 3)]));
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }

    static void Write(ReadOnlySpan<uint> state, Span<byte> bytes)
    {
        for (var i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * i)..], state[i]);
    }
}

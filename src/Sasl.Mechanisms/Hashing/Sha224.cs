using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>SHA-224 (RFC 6234), which the platform lacks, with HMAC (RFC 2104): for SCRAM-SHA-224 alone.</summary>
static class Sha224
{
    public const int HashSize = 28;

    // RFC 6234 §6.1: the second 32 bits of the fractional parts of the square roots of the 9th to 16th primes.
    static readonly uint[] _initial = [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4];

    // RFC 6234 §5.1: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    static readonly uint[] _roots = [.. Primes().Take(64).Select(p => (uint)(CubeRootFraction(p) * 4294967296.0))];

    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash) => Hash(default, data, hash);

    public static void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        Span<byte> block = stackalloc byte[PaddedBlocks.Size];
        block.Clear();
        if (key.Length > PaddedBlocks.Size)
            Hash(key, block);
        else
            key.CopyTo(block);
        foreach (ref var b in block)
            b ^= 0x36;
        Span<byte> inner = stackalloc byte[HashSize];
        Hash(block, data, inner);
        foreach (ref var b in block)
            b ^= 0x36 ^ 0x5c;
        Hash(block, inner, mac);
        CryptographicOperations.ZeroMemory(block);
    }

    static void Hash(ReadOnlySpan<byte> firstBlock, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<uint> state = stackalloc uint[8];
        _initial.CopyTo(state);
        if (!firstBlock.IsEmpty)
            Compress(state, firstBlock);
        PaddedBlocks.Run(state, firstBlock.Length, data, isBigEndian: true, Compress);
        for (var i = 0; i < HashSize / 4; i++)
            BinaryPrimitives.WriteUInt32BigEndian(hash[(4 * i)..], state[i]);
    }

    static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        for (var t = 0; t < 16; t++)
            w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        for (var t = 16; t < 64; t++)
        {
            var s0 = BitOperations.RotateRight(w[t - 15], 7) ^ BitOperations.RotateRight(w[t - 15], 18) ^ (w[t - 15] >> 3);
            var s1 = BitOperations.RotateRight(w[t - 2], 17) ^ BitOperations.RotateRight(w[t - 2], 19) ^ (w[t - 2] >> 10);
            w[t] = w[t - 16] + s0 + w[t - 7] + s1;
        }
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var t = 0; t < 64; t++)
        {
            var s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            var t1 = h + s1 + ((e & f) ^ (~e & g)) + _roots[t] + w[t];
            var s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            var t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    static IEnumerable<int> Primes() => Enumerable.Range(2, 400).Where(n => !Enumerable.Range(2, n - 2).Any(d => n % d == 0));

    // A double's 53 bits leave 50 and more for the fraction of a cube root below 7: more than the 32 that are wanted.
    static double CubeRootFraction(int prime) => Math.Cbrt(prime) - Math.Floor(Math.Cbrt(prime));
}

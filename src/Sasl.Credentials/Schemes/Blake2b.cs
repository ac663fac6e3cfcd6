using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Sasl.Credentials.Schemes;

/// <summary>BLAKE2b (RFC 7693) without a key, which the platform does not have: Argon2 is made of it.</summary>
static class Blake2b
{
    public const int LargestHash = 64;

    const int BlockSize = 128, Rounds = 12, Words = 8;

    // RFC 7693 §2.6: the first 64 bits of the fractions of the square roots of the first eight primes.
    static readonly ulong[] _initial =
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    // RFC 7693 §2.7.
    static ReadOnlySpan<byte> Sigma =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
    ];

    /// <summary>A hash as long as <paramref name="hash"/> is: 1–64 bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<ulong> state = stackalloc ulong[Words];
        _initial.CopyTo(state);
        // RFC 7693 §2.5: length of the hash, no key, one leaf.
        state[0] ^= 0x01010000UL ^ (uint)hash.Length;
        var before = 0UL;
        for (; data.Length > BlockSize; data = data[BlockSize..])
            Compress(state, data, before += BlockSize, isLast: false);
        Span<byte> last = stackalloc byte[BlockSize], whole = stackalloc byte[LargestHash];
        last.Clear();
        data.CopyTo(last);
        Compress(state, last, before + (uint)data.Length, isLast: true);
        for (var i = 0; i < Words; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(whole[(8 * i)..], state[i]);
        whole[..hash.Length].CopyTo(hash);
        CryptographicOperations.ZeroMemory(last);
    }

    static void Compress(Span<ulong> state, ReadOnlySpan<byte> block, ulong count, bool isLast)
    {
        Span<ulong> v = stackalloc ulong[2 * Words], m = stackalloc ulong[2 * Words];
        state.CopyTo(v);
        _initial.CopyTo(v[Words..]);
        v[12] ^= count;
        if (isLast)
            v[14] = ~v[14];
        for (var i = 0; i < m.Length; i++)
            m[i] = BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        for (var round = 0; round < Rounds; round++)
        {
            var s = Sigma.Slice(16 * (round % 10), 16);
            for (var i = 0; i < 4; i++)
                Mix(v, i, i + 4, i + 8, i + 12, m[s[2 * i]], m[s[(2 * i) + 1]]);
            for (var i = 0; i < 4; i++)
                Mix(v, i, 4 + ((i + 1) & 3), 8 + ((i + 2) & 3), 12 + ((i + 3) & 3), m[s[8 + (2 * i)]], m[s[9 + (2 * i)]]);
        }
        for (var i = 0; i < Words; i++)
            state[i] ^= v[i] ^ v[i + Words];
        m.Clear();
    }

    static void Mix(Span<ulong> v, int a, int b, int c, int d, ulong x, ulong y)
    {
        v[a] += v[b] + x;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 63);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sasl.Credentials.Schemes;

/// <summary>The compression function G of Argon2 (RFC 9106 §3.5) on blocks of 1024 bytes: nearly all of its time.</summary>
static unsafe class Argon2Block
{
    const int Words = 128;

    /// <summary>G(x, y) into a third block, which may be one of the two; on top of what is there when <paramref name="isXored"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(ulong* x, ulong* y, ulong* result, bool isXored)
    {
        ulong* r = stackalloc ulong[Words], z = stackalloc ulong[Words];
        for (var i = 0; i < Words; i++)
            r[i] = z[i] = x[i] ^ y[i];
        if (isXored)
        {
            for (var i = 0; i < Words; i++)
                r[i] ^= result[i];
        }
        if (Avx2.IsSupported)
            PermuteWide(z);
        else
            Permute(z);
        for (var i = 0; i < Words; i++)
            result[i] = r[i] ^ z[i];
    }

    // RFC 9106 §3.5: P on each row of 16 words, then on each column of 8 pairs.
    internal static void Permute(ulong* z)
    {
        for (var row = 0; row < 8; row++)
            Round(z + (16 * row), 1, 2);
        for (var column = 0; column < 8; column++)
            Round(z + (2 * column), 1, 16);
    }

    /// <param name="within">From the first word of a pair to its second.</param>
    /// <param name="between">From pair to pair.</param>
    static void Round(ulong* z, int within, int between)
    {
        ulong* v = stackalloc ulong[16];
        for (var i = 0; i < 16; i++)
            v[i] = z[((i >> 1) * between) + ((i & 1) * within)];
        for (var i = 0; i < 4; i++)
            Mix(ref v[i], ref v[i + 4], ref v[i + 8], ref v[i + 12]);
        for (var i = 0; i < 4; i++)
            Mix(ref v[i], ref v[4 + ((i + 1) & 3)], ref v[8 + ((i + 2) & 3)], ref v[12 + ((i + 3) & 3)]);
        for (var i = 0; i < 16; i++)
            z[((i >> 1) * between) + ((i & 1) * within)] = v[i];
    }

    // RFC 9106 §3.6: BLAKE2b's, with a multiplication.
    static void Mix(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        a = Add(a, b);
        d = BitOperations.RotateRight(d ^ a, 32);
        c = Add(c, d);
        b = BitOperations.RotateRight(b ^ c, 24);
        a = Add(a, b);
        d = BitOperations.RotateRight(d ^ a, 16);
        c = Add(c, d);
        b = BitOperations.RotateRight(b ^ c, 63);
    }

    static ulong Add(ulong x, ulong y) => x + y + (2 * (ulong)(uint)x * (uint)y);

    /// <summary>The same, four words at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PermuteWide(ulong* z)
    {
        for (var row = 0; row < 8; row++)
        {
            var v = z + (16 * row);
            var (a, b, c, d) = (Avx.LoadVector256(v), Avx.LoadVector256(v + 4), Avx.LoadVector256(v + 8), Avx.LoadVector256(v + 12));
            RoundWide(ref a, ref b, ref c, ref d);
            Avx.Store(v, a);
            Avx.Store(v + 4, b);
            Avx.Store(v + 8, c);
            Avx.Store(v + 12, d);
        }
        for (var column = 0; column < 8; column++)
        {
            var v = z + (2 * column);
            var (a, b, c, d) = (Pairs(v), Pairs(v + 32), Pairs(v + 64), Pairs(v + 96));
            RoundWide(ref a, ref b, ref c, ref d);
            Store(v, a);
            Store(v + 32, b);
            Store(v + 64, c);
            Store(v + 96, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Pairs(ulong* v) => Avx.InsertVector128(Avx.InsertVector128(Vector256<ulong>.Zero, Sse2.LoadVector128(v), 0), Sse2.LoadVector128(v + 16), 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(ulong* v, Vector256<ulong> pairs)
    {
        Sse2.Store(v, Avx.ExtractVector128(pairs, 0));
        Sse2.Store(v + 16, Avx.ExtractVector128(pairs, 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void RoundWide(ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d)
    {
        MixWide(ref a, ref b, ref c, ref d);
        // The diagonals become columns, and go back.
        (b, c, d) = (Avx2.Permute4x64(b, 0b00_11_10_01), Avx2.Permute4x64(c, 0b01_00_11_10), Avx2.Permute4x64(d, 0b10_01_00_11));
        MixWide(ref a, ref b, ref c, ref d);
        (b, c, d) = (Avx2.Permute4x64(b, 0b10_01_00_11), Avx2.Permute4x64(c, 0b01_00_11_10), Avx2.Permute4x64(d, 0b00_11_10_01));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void MixWide(ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d)
    {
        a = AddWide(a, b);
        d = Avx2.Shuffle(Avx2.Xor(d, a).AsUInt32(), 0b10_11_00_01).AsUInt64();
        c = AddWide(c, d);
        b = Rotate(Avx2.Xor(b, c), 24, 40);
        a = AddWide(a, b);
        d = Rotate(Avx2.Xor(d, a), 16, 48);
        c = AddWide(c, d);
        b = Rotate(Avx2.Xor(b, c), 63, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> AddWide(Vector256<ulong> x, Vector256<ulong> y)
    {
        var product = Avx2.Multiply(x.AsUInt32(), y.AsUInt32());
        return Avx2.Add(Avx2.Add(x, y), Avx2.Add(product, product));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Rotate(Vector256<ulong> x, [ConstantExpected] byte right, [ConstantExpected] byte left) => Avx2.Or(Avx2.ShiftRightLogical(x, right), Avx2.ShiftLeftLogical(x, left));
}

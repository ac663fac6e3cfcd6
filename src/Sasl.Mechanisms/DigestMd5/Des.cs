using System.Numerics;

namespace Sasl.Mechanisms;

/// <summary>
/// DES (FIPS 46-3) of single blocks. Of our own because the platform's needs OpenSSL's legacy module, a file that a system may lack and
/// that cannot be loaded after a chroot, and because it refuses weak keys, which two peers would not notice together. No key is refused here.
/// </summary>
sealed class Des : IDisposable
{
    const int Rounds = 16;

    readonly ulong[] _schedule = new ulong[Rounds];

    /// <param name="key">The bits that DES counts from the left; each byte's last is parity and not used.</param>
    public Des(ulong key)
    {
        var halves = Pick(key, 64, _choice1);
        var (c, d) = ((uint)(halves >> 28), (uint)halves & 0xfffffff);
        for (var round = 0; round < Rounds; round++)
        {
            // FIPS 46-3, appendix 1: one place to the left in rounds 1, 2, 9 and 16, two in the others.
            var by = round is 0 or 1 or 8 or 15 ? 1 : 2;
            c = ((c << by) | (c >> (28 - by))) & 0xfffffff;
            d = ((d << by) | (d >> (28 - by))) & 0xfffffff;
            _schedule[round] = Pick(((ulong)c << 28) | d, 56, _choice2);
        }
    }

    public ulong Encrypt(ulong block) => Run(block, 0, 1);

    public ulong Decrypt(ulong block) => Run(block, Rounds - 1, -1);

    public void Dispose() => Array.Clear(_schedule);

    ulong Run(ulong block, int first, int step)
    {
        var (left, right) = ((uint)(block >> 32), (uint)block);
        // The initial permutation, as five exchanges of bits between the halves; its inverse is the same backwards.
        Exchange(ref left, ref right, 4, 0x0f0f0f0f);
        Exchange(ref left, ref right, 16, 0x0000ffff);
        Exchange(ref right, ref left, 2, 0x33333333);
        Exchange(ref right, ref left, 8, 0x00ff00ff);
        Exchange(ref left, ref right, 1, 0x55555555);
        for (int round = 0, at = first; round < Rounds; round++, at += step)
            (left, right) = (right, left ^ Mix(right, _schedule[at]));
        (left, right) = (right, left);
        Exchange(ref left, ref right, 1, 0x55555555);
        Exchange(ref right, ref left, 8, 0x00ff00ff);
        Exchange(ref right, ref left, 2, 0x33333333);
        Exchange(ref left, ref right, 16, 0x0000ffff);
        Exchange(ref left, ref right, 4, 0x0f0f0f0f);
        return ((ulong)left << 32) | right;
    }

    static void Exchange(ref uint a, ref uint b, int shift, uint mask)
    {
        var differing = ((a >> shift) ^ b) & mask;
        b ^= differing;
        a ^= differing << shift;
    }

    // Six bits of the half to each box, neighbours overlapping by two, against six bits of the round's key.
    static uint Mix(uint half, ulong key)
    {
        var mixed = 0u;
        for (var box = 0; box < 8; box++)
        {
            var six = (BitOperations.RotateLeft(half, (4 * box) - 1) >> 26) ^ ((uint)(key >> (42 - (6 * box))) & 0x3f);
            mixed |= _boxes[(box << 6) | (int)six];
        }
        return mixed;
    }

    static ulong Pick(ulong bits, int width, ReadOnlySpan<byte> table)
    {
        var picked = 0UL;
        foreach (var at in table)
            picked = (picked << 1) | (bits >> (width - at) & 1);
        return picked;
    }

    static readonly byte[] _choice1 =
    [
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
        63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
    ];

    static readonly byte[] _choice2 =
    [
        14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
        41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
    ];

    static readonly byte[] _permutation =
        [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25];

    // The eight boxes, four rows of sixteen hexadecimal digits each.
    static readonly string[] _selections =
    [
        "e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d",
        "f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9",
        "a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c",
        "7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e",
        "2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453",
        "c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d",
        "4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c",
        "d2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b",
    ];

    /// <summary>For each box and each six bits what they contribute to the mixed half: the box's four bits, permuted.</summary>
    static readonly uint[] _boxes = [.. Enumerable.Range(0, 8).SelectMany(box => Enumerable.Range(0, 64).Select(six => Contribution(box, six)))];

    // The outer two bits name the row, the inner four the column.
    static uint Contribution(int box, int six)
    {
        var row = (six >> 4 & 2) | (six & 1);
        var four = (uint)Convert.ToInt32(_selections[box].Substring((16 * row) + (six >> 1 & 15), 1), 16);
        return (uint)Pick(four << (28 - (4 * box)), 32, _permutation);
    }
}

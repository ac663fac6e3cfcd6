using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Defence;

/// <summary>
/// What is remembered of names and passwords instead of them: keyed hashes, the key random for each installation. Of a password 16 bits: enough to
/// see that the same one comes again, too few to find one out even with the key, for out of a million candidates fifteen fit.
/// </summary>
sealed class Fingerprints(ReadOnlyMemory<byte> key)
{
    /// <summary>One key for names, another for passwords.</summary>
    public const int KeySize = 2 * SipHash.KeySize;

    const int LongestName = 1024;

    /// <summary>Of an account; never 0.</summary>
    public ulong Account(string user)
    {
        Span<byte> text = stackalloc byte[LongestName * 3];
        var length = Encoding.UTF8.GetBytes(user.AsSpan(0, Math.Min(user.Length, LongestName)), text);
        return SipHash.Hash(key.Span[..SipHash.KeySize], text[..length]) | 1;
    }

    /// <summary>Of a password tried for an account; 0 when it was not seen.</summary>
    public ushort Guess(ulong account, ReadOnlySpan<byte> password)
    {
        if (password.IsEmpty)
            return 0;
        Span<byte> both = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(both, account);
        BinaryPrimitives.WriteUInt64LittleEndian(both[sizeof(ulong)..], SipHash.Hash(key.Span[SipHash.KeySize..], password));
        var tag = (ushort)SipHash.Hash(key.Span[SipHash.KeySize..], both);
        CryptographicOperations.ZeroMemory(both);
        return NotZero(tag);
    }

    /// <summary>Of an account among those that an address has failed at.</summary>
    public static ushort Name(ulong account) => NotZero((ushort)(account >> 8));

    static ushort NotZero(ushort tag) => tag == 0 ? (ushort)1 : tag;
}

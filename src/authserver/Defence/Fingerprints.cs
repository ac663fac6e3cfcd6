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
    public const int KeySize = 32;

    const int LongestName = 1024;

    /// <summary>Of an account; never 0.</summary>
    public ulong Account(string user)
    {
        Span<byte> text = stackalloc byte[LongestName * 3], hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Encoding.UTF8.GetBytes(user.AsSpan(0, Math.Min(user.Length, LongestName)), text);
        HMACSHA256.HashData(key.Span, text[..length], hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1;
    }

    /// <summary>Of a password tried for an account; 0 when it was not seen.</summary>
    public ushort Guess(ulong account, ReadOnlySpan<byte> password)
    {
        if (password.IsEmpty)
            return 0;
        Span<byte> mac = stackalloc byte[SHA256.HashSizeInBytes], digest = stackalloc byte[SHA256.HashSizeInBytes + sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(digest[SHA256.HashSizeInBytes..], account);
        HMACSHA256.HashData(key.Span, password, digest[..SHA256.HashSizeInBytes]);
        HMACSHA256.HashData(key.Span, digest, mac);
        CryptographicOperations.ZeroMemory(digest);
        return NotZero(BinaryPrimitives.ReadUInt16LittleEndian(mac));
    }

    /// <summary>Of an account among those that an address has failed at.</summary>
    public static ushort Name(ulong account) => NotZero((ushort)(account >> 8));

    static ushort NotZero(ushort tag) => tag == 0 ? (ushort)1 : tag;
}

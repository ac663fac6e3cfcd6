using System.Security.Cryptography;

namespace Sasl.Credentials.Schemes;

/// <summary>
/// The schemes of directory servers: a plain digest, and a digest over password and salt with the salt behind it. Quick to compute, so
/// whoever steals them tries billions a second: they are there to be checked, not to be chosen.
/// </summary>
static class DigestScheme
{
    const int NewSalt = 16;

    /// <summary>Writes the digest of the bytes and says how long it is.</summary>
    public delegate int Digest(ReadOnlySpan<byte> bytes, Span<byte> digest);

    public static PasswordScheme Plain(string name, int size, Digest digest, string? alias = null, bool isWeak = false, bool isHex = false) => new(name,
        (password, in stored, _) => Matches(password, stored.Bytes, size, digest),
        (password, _) => password.IsEmpty ? null : isHex ? Convert.ToHexStringLower(Make(password, [], size, digest)) : Convert.ToBase64String(Make(password, [], size, digest)))
    {
        Aliases = alias is null ? [] : [alias], IsWeak = isWeak, Encoding = isHex ? SchemeEncoding.Hex : SchemeEncoding.Base64, Length = size,
    };

    public static PasswordScheme Salted(string name, int size, Digest digest, bool isWeak = false) => new(name,
        (password, in stored, _) => Matches(password, stored.Bytes, size, digest),
        (password, _) => password.IsEmpty ? null : Convert.ToBase64String(Make(password, RandomNumberGenerator.GetBytes(NewSalt), size, digest)))
    {
        // One byte of salt at least.
        IsWeak = isWeak, Encoding = SchemeEncoding.Base64, Length = -(size + 1),
    };

    static bool? Matches(ReadOnlySpan<byte> password, ReadOnlySpan<byte> stored, int size, Digest digest)
    {
        Span<byte> computed = stackalloc byte[SHA512.HashSizeInBytes];
        Compute(password, stored[size..], digest, computed);
        return CryptographicOperations.FixedTimeEquals(computed[..size], stored[..size]) && !password.IsEmpty;
    }

    static byte[] Make(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int size, Digest digest)
    {
        var bytes = new byte[SHA512.HashSizeInBytes + NewSalt];
        Compute(password, salt, digest, bytes);
        salt.CopyTo(bytes.AsSpan(size));
        return bytes[..(size + salt.Length)];
    }

    static void Compute(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Digest digest, Span<byte> result)
    {
        var input = new byte[password.Length + salt.Length];
        password.CopyTo(input);
        salt.CopyTo(input.AsSpan(password.Length));
        digest(input, result);
        CryptographicOperations.ZeroMemory(input);
    }
}

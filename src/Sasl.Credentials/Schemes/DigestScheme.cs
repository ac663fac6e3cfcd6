using System.Security.Cryptography;

namespace Sasl.Credentials.Schemes;

/// <summary>
/// The schemes of directory servers: base64 of a plain digest, and of a digest over password and salt with the salt behind it. Quick to compute, so
/// whoever steals them tries billions a second: they are there to be checked, not to be chosen.
/// </summary>
static class DigestScheme
{
    const int NewSalt = 16, LongestSalt = 128;

    /// <summary>Writes the digest of the bytes and says how long it is.</summary>
    public delegate int Digest(ReadOnlySpan<byte> bytes, Span<byte> digest);

    public static PasswordScheme Plain(string name, int size, Digest digest) => new(name,
        (password, stored) => Matches(password, stored, size, digest, isSalted: false),
        password => password.IsEmpty ? null : Make(password, [], size, digest));

    public static PasswordScheme Salted(string name, int size, Digest digest) => new(name,
        (password, stored) => Matches(password, stored, size, digest, isSalted: true),
        password => password.IsEmpty ? null : Make(password, RandomNumberGenerator.GetBytes(NewSalt), size, digest));

    static bool Matches(ReadOnlySpan<byte> password, string stored, int size, Digest digest, bool isSalted)
    {
        Span<byte> bytes = stackalloc byte[SHA512.HashSizeInBytes + LongestSalt];
        if (password.IsEmpty || !Convert.TryFromBase64String(stored, bytes, out var count))
            return false;
        var salt = count - size;
        if (isSalted ? salt < 1 : salt != 0)
            return false;
        Span<byte> computed = stackalloc byte[SHA512.HashSizeInBytes];
        Compute(password, bytes[size..count], digest, computed);
        return CryptographicOperations.FixedTimeEquals(computed[..size], bytes[..size]);
    }

    static string Make(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int size, Digest digest)
    {
        Span<byte> bytes = stackalloc byte[SHA512.HashSizeInBytes + NewSalt];
        Compute(password, salt, digest, bytes);
        salt.CopyTo(bytes[size..]);
        return Convert.ToBase64String(bytes[..(size + salt.Length)]);
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

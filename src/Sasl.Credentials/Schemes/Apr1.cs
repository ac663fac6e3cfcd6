using System.Security.Cryptography;
using System.Text;

namespace Sasl.Credentials.Schemes;

/// <summary>
/// Apache's own hash of htpasswd files, "$apr1$salt$text": the method of MD5-crypt ("$1$") with another word in it, which crypt(3) does not know.
/// </summary>
static class Apr1
{
    public const string Prefix = "$apr1$";

    const string Digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const int Rounds = 1000, LongestSalt = 8, LongestPassword = 512;

    /// <summary>Triples of bytes in the order in which they are written, four digits each; the twelfth byte is alone at the end.</summary>
    static readonly (int, int, int)[] _order = [(0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5)];

    public static PasswordScheme Scheme { get; } = new("APR1", (password, in stored, _) => Verify(password, stored.Text), (password, _) => password.IsEmpty ? null : Hash(password))
    {
        // It takes the time of MD5-crypt, of which it is a copy.
        IsWeak = true, Cost = stored => SaltOf(stored.Text) is { } salt ? new(Prefix, $"{{APR1}}{Prefix}{salt}$") : default,
    };

    public static bool Verify(ReadOnlySpan<byte> password, string stored) => !password.IsEmpty && SaltOf(stored) is { } salt && HashWith(password, salt) is { } computed
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(computed), Encoding.UTF8.GetBytes(stored));

    public static string? Hash(ReadOnlySpan<byte> password) => HashWith(password, RandomNumberGenerator.GetString(Digits, LongestSalt));

    /// <summary>Null for a password that cannot be stored so.</summary>
    internal static string? HashWith(ReadOnlySpan<byte> password, string salt)
    {
        if (password.Length > LongestPassword || password.Contains((byte)0))
            return null;
        var saltBytes = Encoding.UTF8.GetBytes(salt);
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
#pragma warning disable CA5351 // The format is what it is: for files that are there already.
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        Begin(md5, password, saltBytes, digest);
        for (var round = 0; round < Rounds; round++)
        {
            md5.AppendData(round % 2 == 1 ? password : digest);
            if (round % 3 != 0)
                md5.AppendData(saltBytes);
            if (round % 7 != 0)
                md5.AppendData(password);
            md5.AppendData(round % 2 == 1 ? digest : password);
            md5.GetHashAndReset(digest);
        }
        var text = $"{Prefix}{salt}${Write(digest)}";
        CryptographicOperations.ZeroMemory(digest);
        return text;
    }

    static void Begin(IncrementalHash md5, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> digest)
    {
        md5.AppendData(password);
        md5.AppendData(salt);
        md5.AppendData(password);
        md5.GetHashAndReset(digest);
        md5.AppendData(password);
        md5.AppendData(Encoding.ASCII.GetBytes(Prefix));
        md5.AppendData(salt);
        for (var left = password.Length; left > 0; left -= digest.Length)
            md5.AppendData(digest[..Math.Min(left, digest.Length)]);
        // One byte for each bit of the length: zero for a one, the password's first for a zero.
        for (var bits = password.Length; bits != 0; bits >>= 1)
            md5.AppendData((bits & 1) == 1 ? [0] : password[..1]);
        md5.GetHashAndReset(digest);
    }

    static string Write(ReadOnlySpan<byte> digest)
    {
        var text = new StringBuilder();
        foreach (var (a, b, c) in _order)
            Append(text, (digest[a] << 16) | (digest[b] << 8) | digest[c], 4);
        Append(text, digest[11], 2);
        return text.ToString();
    }

    static void Append(StringBuilder text, int value, int digits)
    {
        for (; digits > 0; digits--, value >>= 6)
            text.Append(Digits[value & 63]);
    }

    static string? SaltOf(string stored)
    {
        if (!stored.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var end = stored.IndexOf('$', Prefix.Length);
        return end < 0 || end - Prefix.Length > LongestSalt ? null : stored[Prefix.Length..end];
    }
}

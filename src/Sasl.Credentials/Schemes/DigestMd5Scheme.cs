using System.Security.Cryptography;
using System.Text;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Schemes;

/// <summary>MD5 of "user:realm:password" for DIGEST-MD5; the realm is what stands behind the last '@' of the login name. As good as the password for DIGEST-MD5 itself.</summary>
static class DigestMd5Scheme
{
    public static PasswordScheme Scheme { get; } = new("DIGEST-MD5", Compare, Make)
    {
        IsMechanisms = true, Encoding = SchemeEncoding.Hex, Length = MD5.HashSizeInBytes,
    };

    /// <summary>RFC 2831 hashes in ISO 8859-1 what is within it; Dovecot's tool leaves it in UTF-8.</summary>
    static bool? Compare(ReadOnlySpan<byte> password, in StoredForm stored, string user) => !password.IsEmpty
        && CryptographicOperations.FixedTimeEquals(Hash(password, user), stored.Bytes) | CryptographicOperations.FixedTimeEquals(Raw(password, user), stored.Bytes);

    static string? Make(ReadOnlySpan<byte> password, NewPassword how) => password.IsEmpty || how.User.Length == 0 ? null : Convert.ToHexStringLower(Hash(password, how.User));

    static ReadOnlySpan<byte> Hash(ReadOnlySpan<byte> password, string user)
    {
        var (name, realm) = LoginName.From(user, "");
        return DigestMd5Secret.Derive(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(realm), password).Hash.Span;
    }

    static byte[] Raw(ReadOnlySpan<byte> password, string user)
    {
        var (name, realm) = LoginName.From(user, "");
        byte[] input = [.. Encoding.UTF8.GetBytes($"{name}:{realm}:"), .. password];
#pragma warning disable CA5351 // The format is what it is: for what is stored already.
        var hash = MD5.HashData(input);
#pragma warning restore CA5351
        CryptographicOperations.ZeroMemory(input);
        return hash;
    }
}

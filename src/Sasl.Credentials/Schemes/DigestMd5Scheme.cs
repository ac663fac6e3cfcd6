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

    static bool? Compare(ReadOnlySpan<byte> password, in StoredForm stored, string user) =>
        !password.IsEmpty && CryptographicOperations.FixedTimeEquals(Hash(password, user), stored.Bytes);

    static string? Make(ReadOnlySpan<byte> password, NewPassword how) => password.IsEmpty || how.User.Length == 0 ? null : Convert.ToHexStringLower(Hash(password, how.User));

    static ReadOnlySpan<byte> Hash(ReadOnlySpan<byte> password, string user)
    {
        var (name, realm) = LoginName.From(user, "");
        return DigestMd5Secret.Derive(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(realm), password).Hash.Span;
    }
}

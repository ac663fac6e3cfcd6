using System.Security.Cryptography;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Schemes;

/// <summary>The two states of HMAC-MD5 that CRAM-MD5 begins with, in hexadecimal. Without a salt, and as good as the password for CRAM-MD5 itself.</summary>
static class CramMd5Scheme
{
    public static PasswordScheme Of(string name, bool isWeak) => new(name, Compare,
        (password, _) => password.IsEmpty ? null : Convert.ToHexStringLower(CramMd5Secret.Derive(password).Context.Span))
    {
        IsWeak = isWeak, IsMechanisms = true, Encoding = SchemeEncoding.Hex, Length = CramMd5Secret.Size,
    };

    static bool? Compare(ReadOnlySpan<byte> password, in StoredForm stored, string user) =>
        !password.IsEmpty && CryptographicOperations.FixedTimeEquals(CramMd5Secret.Derive(password).Context.Span, stored.Bytes);
}

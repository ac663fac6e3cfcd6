using System.Buffers.Text;
using System.Security.Cryptography;

namespace MailServers.Login;

/// <summary>A user name and a password as the response of SASL PLAIN (RFC 4616 §2), in base64.</summary>
static class PlainResponse
{
    /// <summary>Null when one of them holds a NUL: it would move the boundary between them. The caller zeroes the result after use.</summary>
    public static byte[]? Encode(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        if (user.Contains((byte)0) || password.Contains((byte)0))
            return null;
        var message = new byte[user.Length + password.Length + 2];
        user.CopyTo(message.AsSpan(1));
        password.CopyTo(message.AsSpan(user.Length + 2));
        var encoded = new byte[Base64.GetMaxEncodedToUtf8Length(message.Length)];
        Base64.EncodeToUtf8(message, encoded, out _, out _);
        CryptographicOperations.ZeroMemory(message);
        return encoded;
    }
}

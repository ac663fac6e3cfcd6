using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Sasl.Mechanisms;

/// <summary>The hashes of RFC 2831 §2.1.2.1.</summary>
static class DigestHash
{
    static readonly byte[] _noBody = [.. ":"u8, .. "00000000000000000000000000000000"u8];

    /// <summary>H of "name:realm:password", as they are encoded.</summary>
    public static byte[] Secret(ReadOnlySpan<byte> name, ReadOnlySpan<byte> realm, ReadOnlySpan<byte> password)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        Append(hash, name, ":"u8, realm, ":"u8, password);
        return hash.GetHashAndReset();
    }

    /// <summary>H(A1): the key of this session.</summary>
    public static byte[] SessionKey(ReadOnlySpan<byte> secret, DigestResponse response)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        Append(hash, secret, ":"u8, response.Nonce, ":"u8, response.ClientNonce);
        if (response.AuthorizationId is { } authorizationId)
            Append(hash, ":"u8, authorizationId);
        return hash.GetHashAndReset();
    }

    /// <summary>The client's proof or the server's: 32 hexadecimal digits in lower case.</summary>
    public static byte[] Proof(ReadOnlySpan<byte> sessionKey, DigestResponse response, bool isServers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        if (!isServers)
            hash.AppendData("AUTHENTICATE"u8);
        Append(hash, ":"u8, response.Uri);
        if (!Ascii.EqualsIgnoreCase(response.Qop, "auth"u8))
            hash.AppendData(_noBody);
        var second = Hex(hash.GetHashAndReset());
        var first = Hex(sessionKey);
        Append(hash, first, ":"u8, response.Nonce, ":"u8);
        Append(hash, Encoding.ASCII.GetBytes(response.Count.ToString("x8", null)), ":"u8, response.ClientNonce, ":"u8);
        Append(hash, response.Qop, ":"u8, second);
        CryptographicOperations.ZeroMemory(first);
        return Hex(hash.GetHashAndReset());
    }

    /// <summary>
    /// RFC 2831 §2.1.2.1: text that is wholly within ISO 8859-1 is hashed in that, not in UTF-8, so that secrets are the same as HTTP's.
    /// Other text, and what is not UTF-8, stays as it is. Always a copy.
    /// </summary>
    public static byte[] ToLatin1(ReadOnlySpan<byte> text)
    {
        var converted = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80)
                converted[length++] = text[i];
            else if (text[i] is 0xc2 or 0xc3 && i + 1 < text.Length && (text[i + 1] & 0xc0) == 0x80)
                converted[length++] = (byte)((text[i] << 6) | (text[++i] & 0x3f));
            else
            {
                text.CopyTo(converted);
                return converted;
            }
        }
        if (length == converted.Length)
            return converted;
        var cut = converted[..length];
        CryptographicOperations.ZeroMemory(converted);
        return cut;
    }

    /// <summary>
    /// As the charset directive says; false for broken UTF-8 and for what no identity may hold. RFC 2831 §2.1.2: without the directive it is
    /// ISO 8859-1, but Cyrus and curl forget the directive and send UTF-8, which hardly any name in ISO 8859-1 looks like.
    /// </summary>
    public static bool TryDecode(byte[] text, bool isUtf8, out string decoded)
    {
        decoded = "";
        var looksIt = Utf8.IsValid(text);
        if (isUtf8 && !looksIt)
            return false;
        decoded = (looksIt ? Encoding.UTF8 : Encoding.Latin1).GetString(text);
        return SaslText.IsIdentity(decoded);
    }

    static void Append(IncrementalHash hash, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c = default, ReadOnlySpan<byte> d = default, ReadOnlySpan<byte> e = default)
    {
        hash.AppendData(a);
        hash.AppendData(b);
        hash.AppendData(c);
        hash.AppendData(d);
        hash.AppendData(e);
    }

    static byte[] Hex(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes));
}

using System.Buffers;
using System.Buffers.Text;

namespace Sasl.Credentials.OAuth2;

/// <summary>
/// A signed token in its compact form (RFC 7515 §7.1, RFC 7519 §7.2), taken apart and not yet believed. Where its header says that a key can be got
/// ("jku", "x5u", "jwk", "x5c") is not read: who has made the token has written it.
/// </summary>
public sealed class Jwt
{
    /// <summary>More than an IdP of this world makes, less than SASL lets through.</summary>
    public const int LongestToken = 8192;

    const int LongestKeyId = 256;

    static readonly SearchValues<byte> _characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>RFC 7519 §5.1, RFC 9068 §2.1; those of other uses (logout, events) are no access tokens (RFC 8725 §3.11).</summary>
    static readonly string[] _types = ["JWT", "at+jwt", "application/at+jwt"];

    Jwt(string algorithm, string? keyId, TokenClaims claims, ReadOnlyMemory<byte> signed, ReadOnlyMemory<byte> signature) =>
        (Algorithm, KeyId, Claims, Signed, Signature) = (algorithm, keyId, claims, signed, signature);

    public string Algorithm { get; }

    /// <summary>A name to compare with others and nothing else; null when there is none.</summary>
    public string? KeyId { get; }

    public TokenClaims Claims { get; }

    /// <summary>The bytes that the signature is for.</summary>
    public ReadOnlyMemory<byte> Signed { get; }

    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Null, and why, when it is no such token. The reason holds nothing of it.</summary>
    public static Jwt? TryRead(ReadOnlyMemory<byte> token, out string reason)
    {
        reason = "";
        if (token.Length > LongestToken)
            return No("longer than a token may be", out reason);
        var first = token.Span.IndexOf((byte)'.');
        var second = first < 0 ? -1 : token.Span[(first + 1)..].IndexOf((byte)'.') + first + 1;
        if (first < 0 || second <= first)
            return No("not three parts", out reason);
        if (Decode(token.Span[..first]) is not { } headerText || Decode(token.Span[(first + 1)..second]) is not { } claimsText || Decode(token.Span[(second + 1)..]) is not { } signature)
            return No("a part is no base64url", out reason);
        if (TokenClaims.TryParse(headerText) is not { } header || TokenClaims.TryParse(claimsText) is not { } claims)
            return No("a part is no object of JSON, or has a name twice", out reason);
        // RFC 7515 §4.1.11: what has to be understood and is not.
        if (header.Has("crit"))
            return No("it demands an extension", out reason);
        if (header.Has("typ") && (header.Text("typ") is not { } type || !_types.Contains(type, StringComparer.OrdinalIgnoreCase)))
            return No("it is of a type that is no access token", out reason);
        if (header.Text("alg") is not { } algorithm)
            return No("it names no algorithm", out reason);
        var keyId = header.Text("kid");
        if (header.Has("kid") && keyId is not { Length: <= LongestKeyId })
            return No("its key's name is none", out reason);
        return new(algorithm, keyId, claims, token[..second], signature);
    }

    static Jwt? No(string why, out string reason)
    {
        reason = $"no signed token: {why}";
        return null;
    }

    static byte[]? Decode(ReadOnlySpan<byte> part)
    {
        if (part.ContainsAnyExcept(_characters))
            return null;
        try
        {
            return Base64Url.DecodeFromUtf8(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

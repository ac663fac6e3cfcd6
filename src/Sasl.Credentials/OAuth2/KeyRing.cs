using System.Text.Json;

namespace Sasl.Credentials.OAuth2;

/// <summary>The keys of an issuer, or of the administrator's directory.</summary>
sealed class KeyRing(IReadOnlyList<VerificationKey> keys)
{
    /// <summary>A set of JSON has no more bytes, a ring no more keys.</summary>
    public const int LongestSet = 256 * 1024, MostKeys = 100;

    /// <summary>What is meant where a token names no key and no party, as in Dovecot's directory.</summary>
    public const string Default = "default";

    public IReadOnlyList<VerificationKey> Keys => keys;

    /// <summary>A JWK Set (RFC 7517 §5).</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static KeyRing OfJson(ReadOnlyMemory<byte> json)
    {
        if (json.Length > LongestSet)
            throw new FormatException($"a key set of more than {LongestSet} bytes");
        if (TokenClaims.TryParse(json)?.Element("keys") is not { ValueKind: JsonValueKind.Array } list)
            throw new FormatException("no JWK Set: no object with a list \"keys\"");
        if (list.GetArrayLength() > MostKeys)
            throw new FormatException($"a key set of more than {MostKeys} keys");
        return new([.. list.EnumerateArray().Where(k => k.ValueKind == JsonValueKind.Object).Select(k => VerificationKey.OfJson(TokenClaims.Of(k))).OfType<VerificationKey>()]);
    }

    /// <summary>
    /// The key that a token's header means: the one of that name, or without a name the only one that fits. A key is never chosen by trying.
    /// </summary>
    public VerificationKey? Find(JwtAlgorithm algorithm, string? id, string? party)
    {
        VerificationKey? found = null;
        foreach (var key in keys)
        {
            var isMeant = key.Party is null ? id is null || key.Id == id : key.Party == (party ?? Default) && key.Id == (id ?? Default);
            if (!isMeant || !algorithm.Fits(key))
                continue;
            if (found is not null)
                return null;
            found = key;
        }
        return found;
    }
}

using System.Globalization;

namespace Sasl.Mechanisms;

/// <summary>How a SCRAM secret is written.</summary>
public enum ScramForm
{
    /// <summary>"SCRAM-SHA-256$4096:salt$stored:server" in base64: RFC 5803 §2 (authPassword), Cyrus and PostgreSQL.</summary>
    Rfc5803,

    /// <summary>"{SCRAM-SHA-256}4096,salt,stored,server" in base64: Dovecot.</summary>
    Dovecot,
}

/// <summary>The text forms of SCRAM secrets.</summary>
public static class ScramSecretText
{
    const int LongestText = 4096;

    /// <summary>Writes a secret; it is one, so keep it where secrets are.</summary>
    public static string Format(ScramSecret secret, ScramForm form)
    {
        var (salt, stored, server) = (Convert.ToBase64String(secret.Salt.Span), Convert.ToBase64String(secret.StoredKey.Span), Convert.ToBase64String(secret.ServerKey.Span));
        return form == ScramForm.Dovecot
            ? string.Create(CultureInfo.InvariantCulture, $"{{{secret.Hash.MechanismName}}}{secret.Iterations},{salt},{stored},{server}")
            : string.Create(CultureInfo.InvariantCulture, $"{secret.Hash.MechanismName}${secret.Iterations}:{salt}${stored}:{server}");
    }

    /// <summary>
    /// Reads either form; blanks may stand around the "$" and at the ends, as Cyrus and RFC 5803 §2 have it. Null when it is neither, when a
    /// key has not the length of its hash, or when the text is longer than 4096 characters.
    /// </summary>
    public static ScramSecret? Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim(' ');
        if (text.IsEmpty || text.Length > LongestText)
            return null;
        var isDovecot = text[0] == '{';
        var end = text.IndexOf(isDovecot ? '}' : '$');
        if (end < 0 || ScramHash.Of(text[(isDovecot ? 1 : 0)..end].Trim(' ').ToString()) is not { } hash)
            return null;
        var rest = text[(end + 1)..];
        return TrySplit(ref rest, isDovecot ? ',' : ':', out var iterations) && TrySplit(ref rest, isDovecot ? ',' : '$', out var salt)
            && TrySplit(ref rest, isDovecot ? ',' : ':', out var stored) ? Parse(hash, iterations, salt, stored, rest) : null;
    }

    static bool TrySplit(ref ReadOnlySpan<char> rest, char separator, out ReadOnlySpan<char> part)
    {
        part = default;
        var at = rest.IndexOf(separator);
        if (at < 0)
            return false;
        part = rest[..at].Trim(' ');
        rest = rest[(at + 1)..].Trim(' ');
        return true;
    }

    static ScramSecret? Parse(ScramHash hash, ReadOnlySpan<char> iterations, ReadOnlySpan<char> salt, ReadOnlySpan<char> stored, ReadOnlySpan<char> server) =>
        int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            && Base64Text.Decode(salt) is { Length: > 0 and <= 1024 } s
            && Base64Text.Decode(stored) is { } k && k.Length == hash.Size
            && Base64Text.Decode(server) is { } v && v.Length == hash.Size
            ? new(hash, count, s, k, v) : null;
}

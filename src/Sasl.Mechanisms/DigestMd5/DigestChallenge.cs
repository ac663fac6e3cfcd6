using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>The server's challenge (RFC 2831 §2.1.1).</summary>
sealed record DigestChallenge
{
    /// <summary>RFC 2831 §2.1.1: a challenge is less than 2048 bytes.</summary>
    public const int TooLong = 2048;

    /// <summary>Not empty. Nothing of it needs escapes.</summary>
    public required byte[] Nonce { get; init; }

    /// <summary>As they are encoded; perhaps none.</summary>
    public IReadOnlyList<byte[]> Realms { get; init; } = [];

    /// <summary>What is offered, of what we know, the strongest first.</summary>
    public required IReadOnlyList<DigestProtection> Protections { get; init; }

    /// <summary>The client may use its password again without asking for it anew.</summary>
    public bool IsStale { get; init; }

    /// <summary>Most bytes of a packet that the server takes.</summary>
    public int Buffer { get; init; } = DigestProtection.UsualBuffer;

    /// <summary>Names and passwords may be UTF-8; else they are ISO 8859-1.</summary>
    public bool IsUtf8 { get; init; }

    /// <summary>
    /// The message, laid out as Cyrus does: curl wants algorithm without quotes, and some clients take no challenge without a realm. Realms
    /// that would make it too long are left out; they are good nevertheless.
    /// </summary>
    public byte[] Write()
    {
        var protections = Protections.Reverse();
        var offer = new DigestWriter().Quoted("qop", string.Join(',', protections.Select(p => p.Qop).Distinct()));
        if (protections.Where(p => p.Cipher is not null).Select(p => p.Cipher).ToArray() is { Length: > 0 } ciphers)
            offer.Quoted("cipher", string.Join(',', ciphers));
        if (IsStale)
            offer.Token("stale", "true");
        if (protections.Any(p => p.IsLayer))
            offer.Token("maxbuf", Buffer.ToString(CultureInfo.InvariantCulture));
        offer.Token("charset", "utf-8").Token("algorithm", "md5-sess");
        var message = new DigestWriter().Quoted("nonce", Nonce);
        foreach (var realm in Realms)
        {
            var line = new DigestWriter().Quoted("realm", realm);
            if (message.Length + 1 + line.Length + 1 + offer.Length < TooLong)
                message.Append(line);
        }
        return message.Append(offer).ToArray();
    }

    /// <summary>False, and why, when it is not a challenge.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out DigestChallenge challenge, out string reason)
    {
        challenge = null!;
        if (message.Length >= TooLong)
            return (reason = "the challenge is too long").Length == 0;
        if (!DigestDirectives.TryParse(message, _known, out var directives, out reason))
            return false;
        var buffer = DigestProtection.UsualBuffer;
        reason = directives["nonce"] is not { Length: > 0 } ? "no nonce"
            // RFC 2831 §2.1.1: the client must abort when it is not there.
            : !Is(directives["algorithm"], "md5-sess"u8) ? "not md5-sess"
            : directives["charset"] is { } charset && !Is(charset, "utf-8"u8) ? "an unknown charset"
            : directives["maxbuf"] is { } maxbuf && !TryReadBuffer(maxbuf, out buffer) ? "a bad maxbuf"
            : "";
        if (reason.Length > 0)
            return false;
        var qop = directives["qop"] is { } list ? DigestDirectives.Split(list) : ["auth"];
        var ciphers = directives["cipher"] is { } names ? DigestDirectives.Split(names) : [];
        challenge = new()
        {
            Nonce = directives["nonce"]!,
            Realms = directives.All("realm"),
            Protections = [.. DigestProtection.All.Where(p => qop.Contains(p.Qop) && (p.Cipher is null || ciphers.Contains(p.Cipher)))],
            IsStale = Is(directives["stale"], "true"u8),
            Buffer = buffer,
            IsUtf8 = directives["charset"] is not null,
        };
        return true;
    }

    /// <summary>A number of 17 to 16777215 (RFC 2831 §2.1.1).</summary>
    public static bool TryReadBuffer(byte[] value, out int buffer) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out buffer) && buffer is >= DigestProtection.LeastBuffer and <= DigestProtection.GreatestBuffer;

    static bool Is(byte[]? value, ReadOnlySpan<byte> expected) => value is not null && Ascii.EqualsIgnoreCase(value, expected);

    static readonly FrozenDictionary<string, DirectiveForm> _known = new Dictionary<string, DirectiveForm>
    {
        ["realm"] = DirectiveForm.Repeated,
        ["nonce"] = DirectiveForm.Literal,
        ["qop"] = DirectiveForm.Token,
        ["stale"] = DirectiveForm.Token,
        ["maxbuf"] = DirectiveForm.Token,
        ["charset"] = DirectiveForm.Token,
        ["algorithm"] = DirectiveForm.Token,
        ["cipher"] = DirectiveForm.Token,
    }.ToFrozenDictionary();
}

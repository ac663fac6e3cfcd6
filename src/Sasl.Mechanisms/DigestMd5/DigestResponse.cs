using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>The client's response (RFC 2831 §2.1.2). Names are as they are encoded on the wire, without quotes and escapes.</summary>
sealed record DigestResponse
{
    /// <summary>RFC 2831 §2.1.2: a response is less than 4096 bytes.</summary>
    public const int TooLong = 4096;

    const int ProofSize = 32;

    /// <summary>Whose secret it is, in the encoding of <see cref="IsUtf8"/>.</summary>
    public required byte[] Name { get; init; }

    /// <summary>Null when it is not said, which hashes as an empty one.</summary>
    public byte[]? Realm { get; init; }

    /// <summary>The server's.</summary>
    public required byte[] Nonce { get; init; }

    /// <summary>The client's.</summary>
    public required byte[] ClientNonce { get; init; }

    /// <summary>How often the nonce has been used, this time included; 1 or more.</summary>
    public required uint Count { get; init; }

    /// <summary>As the client spells it: the case goes into the hash.</summary>
    public byte[] Qop { get; init; } = "auth"u8.ToArray();

    /// <summary>Null for none, or one that nobody knows.</summary>
    public string? Cipher { get; init; }

    /// <summary>"imap/mail.example.org", perhaps with a service name behind another slash.</summary>
    public required byte[] Uri { get; init; }

    /// <summary>32 hexadecimal digits.</summary>
    public byte[] Proof { get; init; } = [];

    /// <summary>Most bytes of a packet that the client takes.</summary>
    public int Buffer { get; init; } = DigestProtection.UsualBuffer;

    /// <summary>Name, realm and password are UTF-8; else ISO 8859-1.</summary>
    public bool IsUtf8 { get; init; }

    /// <summary>UTF-8 always; null when it is not said, which hashes otherwise than an empty one.</summary>
    public byte[]? AuthorizationId { get; init; }

    /// <summary>The one of these that the client chose; null when it is none of them.</summary>
    public DigestProtection? Find(IEnumerable<DigestProtection> protections)
    {
        var qop = Encoding.Latin1.GetString(Qop);
        return protections.FirstOrDefault(p => p.Qop.Equals(qop, StringComparison.OrdinalIgnoreCase) && (p.Cipher is null || p.Cipher.Equals(Cipher, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>In the order of the RFC's example.</summary>
    public byte[] Write()
    {
        var message = new DigestWriter();
        if (IsUtf8)
            message.Token("charset", "utf-8");
        message.Quoted("username", Name);
        if (Realm is not null)
            message.Quoted("realm", Realm);
        message.Quoted("nonce", Nonce).Token("nc", Count.ToString("x8", CultureInfo.InvariantCulture)).Quoted("cnonce", ClientNonce).Quoted("digest-uri", Uri)
            .Token("response", Encoding.ASCII.GetString(Proof)).Token("qop", Encoding.ASCII.GetString(Qop));
        if (Cipher is not null)
            message.Token("cipher", Cipher);
        if (!Ascii.EqualsIgnoreCase(Qop, "auth"u8))
            message.Token("maxbuf", Buffer.ToString(CultureInfo.InvariantCulture));
        if (AuthorizationId is not null)
            message.Quoted("authzid", AuthorizationId);
        return message.ToArray();
    }

    /// <summary>False, and why, when it is not a response.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out DigestResponse response, out string reason)
    {
        response = null!;
        if (message.Length >= TooLong)
            return (reason = "the response is too long").Length == 0;
        if (!DigestDirectives.TryParse(message, _known, out var directives, out reason))
            return false;
        var (count, buffer) = (0u, DigestProtection.UsualBuffer);
        reason = directives["username"] is not { Length: > 0 } ? "no username"
            : directives["nonce"] is not { Length: > 0 } ? "no nonce"
            // RFC 2831 §2.1.2: an empty cnonce would leave freshness to the server alone.
            : directives["cnonce"] is not { Length: > 0 } ? "no cnonce"
            : directives["nc"] is not { } nc || !TryReadCount(nc, out count) ? "no nonce count"
            : directives["digest-uri"] is not { } uri || !IsUri(uri) ? "no digest-uri"
            : directives["response"] is not { Length: ProofSize } proof || proof.AsSpan().ContainsAnyExcept(_hexDigits) ? "no response value"
            : directives["charset"] is { } charset && !Ascii.EqualsIgnoreCase(charset, "utf-8"u8) ? "an unknown charset"
            : directives["maxbuf"] is { } maxbuf && !DigestChallenge.TryReadBuffer(maxbuf, out buffer) ? "a bad maxbuf"
            : "";
        if (reason.Length > 0)
            return false;
        response = new()
        {
            Name = directives["username"]!,
            Realm = directives["realm"],
            Nonce = directives["nonce"]!,
            ClientNonce = directives["cnonce"]!,
            Count = count,
            Qop = directives["qop"] ?? "auth"u8.ToArray(),
            Cipher = directives["cipher"] is { } cipher ? Encoding.Latin1.GetString(cipher) : null,
            Uri = directives["digest-uri"]!,
            Proof = directives["response"]!,
            Buffer = buffer,
            IsUtf8 = directives["charset"] is not null,
            AuthorizationId = directives["authzid"],
        };
        return true;
    }

    // RFC 2831 §2.1.2: eight hexadecimal digits of lower case.
    static bool TryReadCount(byte[] value, out uint count)
    {
        count = 0;
        return value.Length == 8 && !value.AsSpan().ContainsAnyExcept(_hexDigits) && uint.TryParse(value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out count) && count > 0;
    }

    // RFC 2831 §2.1.2: service, slash, host, and perhaps slash and service name. Of the host only that it is printable: some clients put an address there.
    static bool IsUri(byte[] value)
    {
        var slash = value.AsSpan().IndexOf((byte)'/');
        return slash > 0 && slash < value.Length - 1 && !value.AsSpan().ContainsAnyExceptInRange((byte)0x21, (byte)0x7e);
    }

    static readonly System.Buffers.SearchValues<byte> _hexDigits = System.Buffers.SearchValues.Create("0123456789abcdef"u8);

    static readonly FrozenDictionary<string, DirectiveForm> _known = new Dictionary<string, DirectiveForm>
    {
        ["username"] = DirectiveForm.Quoted,
        ["realm"] = DirectiveForm.Quoted,
        ["nonce"] = DirectiveForm.Literal,
        ["cnonce"] = DirectiveForm.Literal,
        ["nc"] = DirectiveForm.Token,
        ["qop"] = DirectiveForm.Token,
        ["digest-uri"] = DirectiveForm.Literal,
        ["response"] = DirectiveForm.Token,
        ["maxbuf"] = DirectiveForm.Token,
        ["charset"] = DirectiveForm.Token,
        ["cipher"] = DirectiveForm.Token,
        ["authzid"] = DirectiveForm.Quoted,
    }.ToFrozenDictionary();
}

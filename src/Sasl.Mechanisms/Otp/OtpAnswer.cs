namespace Sasl.Mechanisms;

/// <summary>A client's answer to a challenge: plain, or extended by what it is written in and by a new sequence (RFC 2243 §3 and §4).</summary>
/// <param name="Password">The one-time password that was asked for.</param>
/// <param name="IsNew">The client wants a new sequence.</param>
/// <param name="New">Its first state; null when what the client wants is none.</param>
sealed record OtpAnswer(ulong Password, bool IsNew = false, OtpSecret? New = null)
{
    /// <summary>Null when there is no one-time password in it.</summary>
    /// <param name="message">At most 100 bytes.</param>
    /// <param name="hash">The sequence's: words of an alternative dictionary need it.</param>
    public static OtpAnswer? Parse(ReadOnlySpan<byte> message, OtpHash hash)
    {
        if (message.Length > OtpChallenge.LongestMessage)
            return null;
        var colon = message.IndexOf((byte)':');
        // RFC 2444 §3 wants extended answers. Cyrus SASL takes others too, words first: sixteen digits are never six words.
        if (colon < 0)
            return OtpWords.TryRead(message, hash, out var bare) || OtpWords.TryReadHex(message, out bare) ? new(bare) : null;
        var kind = message[..colon].TrimStart(" \t\r\n"u8);
        var rest = message[(colon + 1)..];
        return Is(kind, "hex") || Is(kind, "word") ? TryRead(rest, Is(kind, "word"), hash, out var password) ? new(password) : null
            : Is(kind, "init-hex") || Is(kind, "init-word") ? ParseNew(rest, Is(kind, "init-word"), hash)
            : null;
    }

    // RFC 2243 §4: password ":" parameters ":" new password.
    static OtpAnswer? ParseNew(ReadOnlySpan<byte> text, bool isWords, OtpHash hash)
    {
        Span<Range> parts = stackalloc Range[4];
        var count = 0;
        foreach (var part in text.Split((byte)':'))
        {
            if (count == parts.Length)
                return null;
            parts[count++] = part;
        }
        if (!TryRead(text[parts[0]], isWords, hash, out var password))
            return null;
        var isNew = count == 3 && OtpChallenge.ParseNew(text[parts[1]]) is { } wanted && TryRead(text[parts[2]], isWords, wanted.Algorithm, out var first)
            ? new OtpSecret(wanted.Algorithm, wanted.Sequence, wanted.Seed, first) : null;
        return new(password, true, isNew);
    }

    // RFC 2243 §2: the names of the sets are not case sensitive.
    static bool Is(ReadOnlySpan<byte> kind, string name) => System.Text.Ascii.EqualsIgnoreCase(kind, name);

    static bool TryRead(ReadOnlySpan<byte> text, bool isWords, OtpHash hash, out ulong password) =>
        isWords ? OtpWords.TryRead(text, hash, out password) : OtpWords.TryReadHex(text, out password);
}

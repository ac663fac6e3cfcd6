namespace MailServers.Login.Imap;

/// <summary>How a line of a command ended.</summary>
/// <param name="Error">What is wrong, for the client; null when nothing is.</param>
/// <param name="Literal">The size of the literal that the line ends with, or null: the command is complete.</param>
/// <param name="IsSynchronizing">The client waits for "+" (RFC 3501 §7.5); false for {n+} (RFC 7888).</param>
readonly record struct ImapLineResult(string? Error, uint? Literal = null, bool IsSynchronizing = true);

/// <summary>
/// Splits a line of a pre-login command into tokens. The little of RFC 3501 §9 that is needed before the login: atoms, quoted strings,
/// literals and parentheses.
/// </summary>
static class ImapLineParser
{
    /// <summary>Adds the line's tokens.</summary>
    /// <param name="continued">The line goes on after a literal: what follows begins with a space, a parenthesis or nothing.</param>
    public static ImapLineResult Parse(ReadOnlySpan<byte> line, bool continued, List<ImapToken> tokens)
    {
        var at = 0;
        var mustSeparate = continued;
        while (at < line.Length)
        {
            var b = line[at];
            if (b == ' ')
            {
                mustSeparate = false;
                at++;
                continue;
            }
            if (b is (byte)'(' or (byte)')')
            {
                tokens.Add(b == '(' ? ImapToken.Open : ImapToken.Close);
                mustSeparate = false;
                at++;
                continue;
            }
            if (mustSeparate)
                return new("Missing space");
            mustSeparate = true;
            if (b == '{')
                return Literal(line[at..]);
            if (b == '"')
            {
                if (Quoted(line[at..], tokens) is not { } length)
                    return new("Bad quoted string");
                at += length;
                continue;
            }
            var atom = AtomLength(line[at..]);
            if (atom == 0)
                return new("Bad character");
            tokens.Add(new(ImapTokenKind.Atom, line.Slice(at, atom).ToArray()));
            at += atom;
        }
        return new(null);
    }

    /// <summary>"{n}" or "{n+}" at the end of the line.</summary>
    static ImapLineResult Literal(ReadOnlySpan<byte> text)
    {
        if (text[^1] != '}')
            return new("Bad literal");
        var number = text[1..^1];
        var synchronizing = number.IsEmpty || number[^1] != '+';
        if (!synchronizing)
            number = number[..^1];
        // RFC 3501 §9: number is unsigned 32 bits. Anything that is not plain digits would be read differently by somebody else.
        if (number.IsEmpty || number.Length > 10 || number.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 || !uint.TryParse(number, out var size))
            return new("Bad literal");
        return new(null, size, synchronizing);
    }

    /// <summary>Adds the string; returns how long it was with its quotes, or null when it does not end.</summary>
    static int? Quoted(ReadOnlySpan<byte> text, List<ImapToken> tokens)
    {
        var escapes = 0;
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'"':
                    tokens.Add(new(ImapTokenKind.Text, Unescape(text[1..i], escapes)));
                    return i + 1;
                // RFC 3501 §9: only the quote and the backslash are quoted.
                case (byte)'\\' when i + 1 < text.Length && text[i + 1] is (byte)'"' or (byte)'\\':
                    escapes++;
                    i++;
                    break;
                case (byte)'\\':
                case 0 or (byte)'\r' or (byte)'\n':
                    return null;
            }
        }
        return null;
    }

    // As long as the string, not as the line: a line of many strings costs no more than one (CVE-2026-27857). No copy is left behind.
    static byte[] Unescape(ReadOnlySpan<byte> text, int escapes)
    {
        var value = new byte[text.Length - escapes];
        for (int from = 0, to = 0; from < text.Length; from++)
            value[to++] = text[from] == '\\' ? text[++from] : text[from];
        return value;
    }

    /// <summary>Atom characters; more than the RFC allows (as in real passwords: % * ] and 8-bit), nothing that separates or controls.</summary>
    static int AtomLength(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && text[length] is > (byte)' ' and not ((byte)'(' or (byte)')' or (byte)'{' or (byte)'"' or 0x7F))
            length++;
        return length;
    }
}

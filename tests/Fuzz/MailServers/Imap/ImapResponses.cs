namespace Fuzz;

/// <summary>Reads a server's answer as a strict client would: lines of words, quoted strings, literals and balanced parentheses (RFC 3501 §9).</summary>
static class ImapResponses
{
    public static void Check(string output)
    {
        var at = 0;
        while (at < output.Length)
            at = Response(output, at);
    }

    static int Response(string text, int at)
    {
        var begin = at;
        // Text for people follows OK, NO, BAD, BYE and "+": no grammar but the line's end.
        var (isText, depth) = (IsStatus(text, at), 0);
        while (true)
        {
            Fuzz.Check.That(at < text.Length, $"a response is not whole: {Show(text, begin)}");
            switch (text[at])
            {
                case '\r':
                    Fuzz.Check.That(at + 1 < text.Length && text[at + 1] == '\n' && depth == 0, $"a line ends where it must not: {Show(text, begin)}");
                    return at + 2;
                case '\n' or '\0':
                    throw new FlawException($"a bare LF or NUL: {Show(text, begin)}");
                case '"' when !isText:
                    at = Quoted(text, at);
                    break;
                case '{' when !isText:
                    at = Literal(text, at);
                    break;
                default:
                    depth += isText ? 0 : text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
                    Fuzz.Check.That(depth >= 0, $"a parenthesis too many: {Show(text, begin)}");
                    at++;
                    break;
            }
        }
    }

    static bool IsStatus(string text, int at)
    {
        if (text[at] == '+')
            return true;
        var words = text[at..Math.Min(text.Length, at + 300)].Split(' ', 3);
        return words.Length > 1 && words[1] is "OK" or "NO" or "BAD" or "BYE" or "PREAUTH";
    }

    static int Quoted(string text, int at)
    {
        for (at++; at < text.Length; at++)
        {
            Fuzz.Check.That(text[at] is not ('\r' or '\n' or '\0'), "a line end in a quoted string");
            if (text[at] == '"')
                return at + 1;
            if (text[at] == '\\')
                at++;
        }
        return at;
    }

    static int Literal(string text, int at)
    {
        var end = text.IndexOf('}', at);
        Fuzz.Check.That(end > 0 && int.TryParse(text[(at + 1)..end], out _), "a literal without a size");
        var size = int.Parse(text[(at + 1)..end]);
        Fuzz.Check.That(text.AsSpan(end + 1).StartsWith("\r\n") && end + 3 + size <= text.Length, "a literal that is not whole");
        return end + 3 + size;
    }

    static string Show(string text, int at) => text[at..Math.Min(text.Length, at + 120)];
}

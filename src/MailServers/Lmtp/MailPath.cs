using System.Globalization;

namespace MailServers.Lmtp;

/// <summary>The path syntax of MAIL and RCPT (RFC 5321 §4.1.2): <c>&lt;[@route:]local@domain&gt;</c>. The address keeps its quotes.</summary>
static class MailPath
{
    // RFC 5321 §4.5.3.1.3: a path has at most 256 octets, the brackets included.
    const int LongestAddress = 254;

    /// <summary>Takes a path from the front of the text. Null when it is none; "" is the null path.</summary>
    public static string? Take(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        rest = text;
        text = text.TrimStart(' ');
        if (text.Length == 0 || text[0] != '<')
            return null;
        var end = EndOf(text);
        if (end < 0)
            return null;
        rest = text[(end + 1)..];
        if (rest.Length > 0 && rest[0] != ' ')
            return null;
        var address = text[1..end];
        // RFC 5321 §4.1.1.3 and appendix C: a source route is read and ignored.
        if (address.Length > 0 && address[0] == '@')
        {
            var colon = address.IndexOf(':');
            if (colon < 0)
                return null;
            address = address[(colon + 1)..];
            if (address.IsEmpty)
                return null;
        }
        return address.IsEmpty || IsAddress(address) ? address.ToString() : null;
    }

    /// <summary>local-part, or local-part@domain, that is safe to write between brackets.</summary>
    public static bool IsAddress(ReadOnlySpan<char> address)
    {
        if (address.Length is 0 or > LongestAddress)
            return false;
        var at = AtSign(address);
        var local = at < 0 ? address : address[..at];
        return IsLocalPart(local) && (at < 0 || IsDomain(address[(at + 1)..]));
    }

    /// <summary>Where the @ before the domain is, quoted ones not counted; -1 when there is no domain.</summary>
    public static int AtSign(ReadOnlySpan<char> address)
    {
        var at = -1;
        var quoted = false;
        for (var i = 0; i < address.Length; i++)
        {
            if (address[i] == '\\' && quoted)
                i++;
            else if (address[i] == '"')
                quoted = !quoted;
            else if (address[i] == '@' && !quoted)
                at = i;
        }
        return at;
    }

    /// <summary>The local part as it is meant: without quotes and backslashes.</summary>
    public static string LocalPart(string address)
    {
        var at = AtSign(address);
        var local = at < 0 ? address : address[..at];
        if (local.Length < 2 || local[0] != '"')
            return local;
        var text = new System.Text.StringBuilder();
        for (var i = 1; i < local.Length - 1; i++)
            text.Append(local[i] == '\\' && i + 1 < local.Length - 1 ? local[++i] : local[i]);
        return text.ToString();
    }

    /// <summary>The domain in lower case without a final dot; "" when there is none.</summary>
    public static string Domain(string address)
    {
        var at = AtSign(address);
        return at < 0 ? "" : address[(at + 1)..].TrimEnd('.').ToLowerInvariant();
    }

    static int EndOf(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted)
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == '>' && !quoted)
                return i;
        }
        return -1;
    }

    static bool IsLocalPart(ReadOnlySpan<char> local)
    {
        if (local.Length == 0)
            return false;
        if (local[0] == '"')
            return IsQuotedString(local);
        foreach (var c in local)
        {
            // Lenient about dots, strict about what could end the path or the line.
            if (c <= ' ' || c == '\x7f' || c is '<' or '>' or '"' or '\\' or '(' or ')' or ',' or ';' or ':' or '[' or ']' or '@' or '\ufffd')
                return false;
        }
        return true;
    }

    static bool IsQuotedString(ReadOnlySpan<char> local)
    {
        if (local.Length < 2 || local[^1] != '"')
            return false;
        for (var i = 1; i < local.Length - 1; i++)
        {
            if (local[i] == '\\')
                i++;
            else if (local[i] == '"')
                return false;
            if (i >= local.Length - 1 || char.IsControl(local[i]) || local[i] == '\ufffd')
                return false;
        }
        return true;
    }

    static bool IsDomain(ReadOnlySpan<char> domain)
    {
        if (domain.Length is 0 or > 255)
            return false;
        var literal = domain[0] == '[';
        if (literal != (domain[^1] == ']') || domain[0] == '.' || domain.Contains("..", StringComparison.Ordinal))
            return false;
        foreach (var c in literal ? domain[1..^1] : domain)
        {
            var fine = char.IsAsciiLetterOrDigit(c) || c is '-' or '.' || (literal ? c is ':' : c == '_' || (c >= 0x80 && char.GetUnicodeCategory(c) != UnicodeCategory.Control && c != '\ufffd'));
            if (!fine)
                return false;
        }
        return true;
    }
}

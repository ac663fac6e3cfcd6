using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailServers.Smtp.Addresses;

enum PathProblem { None, Syntax, NotAscii }

/// <summary>
/// Reads the path of MAIL FROM: and RCPT TO:, as leniently as people type it: with or without angle brackets, blanks before it.
/// A pure function over text; the result is an address in internal form.
/// </summary>
static class PathParser
{
    /// <summary>RFC 5321 §4.5.3.1.3: a path has at most 256 octets with its brackets.</summary>
    public const int LongestAddress = 254;

    static readonly SearchValues<char> _labels = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    static readonly SearchValues<char> _literal = SearchValues.Create("0123456789abcdefABCDEFIPv6:.-");

    /// <summary>
    /// Takes one path from the front of <paramref name="text"/> and leaves the parameters in <paramref name="rest"/>.
    /// "&lt;&gt;" is the null address; whether it is allowed is the caller's business.
    /// </summary>
    public static PathProblem TryParse(ReadOnlySpan<char> text, out MailAddress address, out ReadOnlySpan<char> rest, bool strict = false)
    {
        address = MailAddress.Null;
        rest = default;
        text = text.TrimStart(" \t");
        if (text.IsEmpty)
            return PathProblem.Syntax;
        var bracketed = text[0] == '<';
        // strict_rfc821_envelopes: the brackets must be there.
        if (strict && !bracketed)
            return PathProblem.Syntax;
        if (bracketed)
            text = text[1..];
        var end = EndOfPath(text, bracketed);
        if (end < 0)
            return PathProblem.Syntax;
        var path = text[..end];
        rest = text[(end + (bracketed ? 1 : 0))..];
        if (!rest.IsEmpty && rest[0] is not (' ' or '\t'))
            return PathProblem.Syntax;
        if (path.IndexOfAnyInRange('\x80', '\uffff') >= 0)
            return PathProblem.NotAscii;
        path = path.Trim(" \t");
        if (path.IsEmpty)
            return bracketed ? PathProblem.None : PathProblem.Syntax;
        return TryParseMailbox(WithoutRoute(path), out address) && address.ToString().Length <= LongestAddress ? PathProblem.None : PathProblem.Syntax;
    }

    /// <summary>A mailbox without brackets or route: "user", "user@domain", "\"quo ted\"@[192.0.2.1]".</summary>
    public static bool TryParseMailbox(ReadOnlySpan<char> text, out MailAddress address)
    {
        address = MailAddress.Null;
        var at = LastAt(text);
        var local = at < 0 ? text : text[..at];
        if (!TryUnquote(local, out var unquoted) || unquoted.Length == 0)
            return false;
        if (at < 0)
        {
            address = new(unquoted, null);
            return true;
        }
        var domain = text[(at + 1)..];
        if (domain.EndsWith('.'))
            domain = domain[..^1];
        if (!IsDomain(domain))
            return false;
        address = new(unquoted, domain.ToString());
        return true;
    }

    /// <summary>Where the path ends: at the closing bracket, or at the first blank when there is none. Quotes hide both.</summary>
    static int EndOfPath(ReadOnlySpan<char> text, bool bracketed)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '>' when bracketed && !quoted:
                    return i;
                case ' ' or '\t' when !bracketed && !quoted:
                    return i;
            }
        }
        return bracketed || quoted ? -1 : text.Length;
    }

    /// <summary>RFC 5321 §4.1.1.3, appendix C: a source route "@a,@b:" is accepted and thrown away.</summary>
    static ReadOnlySpan<char> WithoutRoute(ReadOnlySpan<char> path)
    {
        if (path[0] != '@')
            return path;
        var colon = path.IndexOf(':');
        return colon < 0 ? path : path[(colon + 1)..].TrimStart(" \t");
    }

    static int LastAt(ReadOnlySpan<char> text)
    {
        var quoted = false;
        var at = -1;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '@' when !quoted:
                    at = i;
                    break;
            }
        }
        return at;
    }

    /// <summary>Takes quotes and backslashes away. False for blanks or controls outside and inside quotes, or quotes that do not match.</summary>
    static bool TryUnquote(ReadOnlySpan<char> local, out string unquoted)
    {
        unquoted = "";
        var text = new StringBuilder(local.Length);
        var quoted = false;
        for (var i = 0; i < local.Length; i++)
        {
            var c = local[i];
            if (c == '"')
            {
                quoted = !quoted;
                continue;
            }
            if (c == '\\')
            {
                if (++i == local.Length)
                    return false;
                c = local[i];
            }
            else if (!quoted && " <>(),;:[]".Contains(c))
                return false;
            if (c is < ' ' or > '~')
                return false;
            text.Append(c);
        }
        unquoted = text.ToString();
        return !quoted;
    }

    static bool IsDomain(ReadOnlySpan<char> domain)
    {
        if (domain.IsEmpty || domain.Length > 255)
            return false;
        if (domain[0] == '[')
            return domain[^1] == ']' && IsLiteral(domain[1..^1]);
        foreach (var range in domain.Split('.'))
        {
            // RFC 1123 §2.1, and the underscore that is out there.
            var label = domain[range];
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-' || label.ContainsAnyExcept(_labels))
                return false;
        }
        return true;
    }

    /// <summary>RFC 5321 §4.1.3 address-literal. Anything else in brackets would be taken here and refused by the next hop.</summary>
    static bool IsLiteral(ReadOnlySpan<char> literal)
    {
        if (literal.ContainsAnyExcept(_literal))
            return false;
        return literal.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase)
            ? IPAddress.TryParse(literal[5..], out var six) && six.AddressFamily == AddressFamily.InterNetworkV6
            : literal.Count('.') == 3 && IPAddress.TryParse(literal, out var four) && four.AddressFamily == AddressFamily.InterNetwork;
    }
}

using System.Globalization;

namespace MailServers.Queue.Routing;

/// <summary>A next hop as an administrator writes it: "example.com" is looked up by MX, "[gw.example.com]:587" is that very host.</summary>
sealed record NextHop(string Host, bool IsHost, int? Port)
{
    /// <summary>Null when it is none of the forms.</summary>
    public static NextHop? TryParse(string text)
    {
        text = text.Trim();
        int? port = null;
        var inner = text;
        var isHost = text.StartsWith('[');
        if (isHost)
        {
            var end = text.IndexOf(']');
            if (end < 2)
                return null;
            inner = text[1..end];
            if (!TakePort(text[(end + 1)..], ref port))
                return null;
            if (inner.StartsWith("ipv6:", StringComparison.OrdinalIgnoreCase))
                inner = inner[5..];
        }
        else if (text.IndexOf(':') is >= 0 and var colon)
        {
            inner = text[..colon];
            if (!TakePort(text[colon..], ref port))
                return null;
        }
        return inner.Length == 0 || inner.AsSpan().IndexOfAny(" \t[]") >= 0 ? null : new(inner.TrimEnd('.').ToLowerInvariant(), isHost, port);
    }

    static bool TakePort(string text, ref int? port)
    {
        if (text.Length == 0)
            return true;
        if (text[0] != ':')
            return false;
        // The three services that mail is configured with, by name (services(5)).
        port = text[1..] switch { "smtp" => 25, "smtps" or "submissions" => 465, "submission" => 587, var digits => Number(digits) };
        return port is > 0 and < 65536;
    }

    static int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
}

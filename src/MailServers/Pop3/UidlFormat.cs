using System.Globalization;
using System.Text;

namespace MailServers.Pop3;

/// <summary>pop3_uidl_format: literal text, %u (UID) and %v (UIDVALIDITY), each with width and hexadecimal: %08Xu.</summary>
sealed class UidlFormat
{
    readonly List<(string Text, char Variable, string Format)> _parts = [];

    UidlFormat() { }

    public static UidlFormat Default { get; } = TryParse("%08Xu%08Xv")!;

    /// <summary>Null when it is not understood, or would give every message the same id.</summary>
    public static UidlFormat? TryParse(string text)
    {
        var format = new UidlFormat();
        for (var at = 0; at < text.Length;)
        {
            var percent = text.IndexOf('%', at);
            if (percent < 0)
            {
                format._parts.Add((text[at..], ' ', ""));
                break;
            }
            var end = text.AsSpan(percent).IndexOfAny("uv");
            if (end < 0 || NumberFormat(text.AsSpan(percent + 1, end - 1)) is not { } number)
                return null;
            format._parts.Add((text[at..percent], text[percent + end], number));
            at = percent + end + 1;
        }
        // RFC 1939 §7: one to 70 characters from '!' to '~', different for every message.
        return format._parts.Exists(p => p.Variable == 'u') && format.Of(uint.MaxValue, uint.MaxValue) is { Length: <= 70 } longest
            && longest.All(c => c is >= '!' and <= '~') ? format : null;
    }

    public string Of(uint uid, uint uidValidity)
    {
        var id = new StringBuilder(16);
        foreach (var (text, variable, number) in _parts)
        {
            id.Append(text);
            if (variable != ' ')
                id.Append((variable == 'u' ? uid : uidValidity).ToString(number, CultureInfo.InvariantCulture));
        }
        return id.ToString();
    }

    /// <summary>"" → D, "08X" → x8. Dovecot's X gives lower-case digits.</summary>
    static string? NumberFormat(ReadOnlySpan<char> text)
    {
        var hexadecimal = text.EndsWith("X");
        if (hexadecimal)
            text = text[..^1];
        if (!text.IsEmpty && (!byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var width) || width > 20))
            return null;
        return (hexadecimal ? "x" : "D") + text.TrimStart('0').ToString();
    }
}

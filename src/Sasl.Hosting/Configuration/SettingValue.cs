using System.Globalization;

namespace Sasl.Hosting.Configuration;

/// <summary>Typed readings of a setting's text.</summary>
public static class SettingValue
{
    /// <summary>"30", "30s", "5m", "2 mins", "1 day". False when it is none of these.</summary>
    public static bool TryParseTime(string text, char unit, out TimeSpan time)
    {
        time = default;
        text = text.Trim();
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? text : text[..digits];
        var suffix = digits < 0 ? "" : text[digits..].Trim();
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            return false;
        var seconds = (suffix.Length == 0 ? unit.ToString() : suffix.ToLowerInvariant()) switch
        {
            "s" or "sec" or "secs" or "second" or "seconds" => 1L,
            "m" or "min" or "mins" or "minute" or "minutes" => 60,
            "h" or "hour" or "hours" => 3600,
            "d" or "day" or "days" => 86400,
            "w" or "week" or "weeks" => 604800,
            _ => 0,
        };
        if (seconds == 0 || n > long.MaxValue / seconds / TimeSpan.TicksPerSecond)
            return false;
        time = TimeSpan.FromSeconds(n * seconds);
        return true;
    }

    /// <summary>Bytes, with an optional k, M, G or T (powers of 1024).</summary>
    public static bool TryParseSize(string text, out long size)
    {
        size = 0;
        text = text.Trim().TrimEnd('B', 'b');
        if (text.Length == 0)
            return false;
        var shift = char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, _ => 0 };
        if (shift > 0)
            text = text[..^1].TrimEnd();
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n > long.MaxValue >> shift)
            return false;
        size = n << shift;
        return true;
    }

    /// <summary>Words between commas and blanks; braces keep blanks together: "a, { b c }" is two words.</summary>
    public static IReadOnlyList<string> SplitList(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            if (text[i] is ' ' or '\t' or '\r' or '\n' or ',')
            {
                i++;
                continue;
            }
            var start = i;
            if (text[i] == '{')
            {
                var depth = 0;
                for (; i < text.Length; i++)
                {
                    depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
                    if (depth == 0)
                        break;
                }
                words.Add(text[(start + 1)..Math.Min(i, text.Length)].Trim());
                i++;
            }
            else
            {
                while (i < text.Length && text[i] is not (' ' or '\t' or '\r' or '\n' or ','))
                    i++;
                words.Add(text[start..i]);
            }
        }
        return words;
    }
}

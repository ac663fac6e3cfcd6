namespace MailStore.Maildir;

/// <summary>Order of arrival as the names tell it: seconds and microseconds as numbers, then the text.</summary>
sealed class MessageOrder : IComparer<string>
{
    public static readonly MessageOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (Key(x!), Key(y!));
        var order = a.CompareTo(b);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    static (long, long, long) Key(string name)
    {
        var dot = name.IndexOf('.');
        if (dot <= 0 || !long.TryParse(name.AsSpan(0, dot), System.Globalization.NumberStyles.None, null, out var seconds))
            return (long.MaxValue, 0, 0);
        // Ours and Dovecot's "M123P45Q6", Postfix's "V801I2cM123".
        var rest = name.AsSpan(dot + 1);
        if (rest.IndexOf('.') is >= 0 and var end)
            rest = rest[..end];
        return (seconds, Number(rest, 'M'), Number(rest, 'Q'));
    }

    static long Number(ReadOnlySpan<char> text, char key)
    {
        var at = text.IndexOf(key);
        var value = 0L;
        for (var i = at + 1; at >= 0 && i < text.Length && char.IsAsciiDigit(text[i]) && value < long.MaxValue / 20; i++)
            value = value * 10 + (text[i] - '0');
        return value;
    }
}

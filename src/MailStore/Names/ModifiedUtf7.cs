using System.Text;

namespace MailStore.Names;

/// <summary>RFC 3501 §5.1.3: mailbox names on the wire and on disk.</summary>
public static class ModifiedUtf7
{
    const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

    public static string Encode(string name)
    {
        var result = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; )
        {
            if (name[i] is >= ' ' and <= '~')
            {
                result.Append(name[i]);
                if (name[i++] == '&')
                    result.Append('-');
                continue;
            }
            result.Append('&');
            var (bits, count) = (0, 0);
            for (; i < name.Length && name[i] is not (>= ' ' and <= '~'); i++)
            {
                (bits, count) = (bits << 16 | name[i], count + 16);
                for (; count >= 6; count -= 6)
                    result.Append(Alphabet[bits >> (count - 6) & 63]);
                bits &= (1 << count) - 1;
            }
            if (count > 0)
                result.Append(Alphabet[bits << (6 - count) & 63]);
            result.Append('-');
        }
        return result.ToString();
    }

    /// <summary>The name, or null when the text is not its one right encoding.</summary>
    public static string? Decode(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' or > '~')
                return null;
            if (text[i] != '&')
            {
                result.Append(text[i]);
                continue;
            }
            var end = text.IndexOf('-', i);
            if (end < 0)
                return null;
            if (end == i + 1)
                result.Append('&');
            var (bits, count) = (0, 0);
            for (i++; i < end; i++)
            {
                var value = Alphabet.IndexOf(text[i], StringComparison.Ordinal);
                if (value < 0)
                    return null;
                (bits, count) = ((bits << 6 | value) & 0x3fffff, count + 6);
                if (count >= 16)
                {
                    count -= 16;
                    result.Append((char)(bits >> count & 0xffff));
                }
            }
        }
        var name = result.ToString();
        // Whatever has a second spelling (superfluous shifts, encoded ASCII, stray bits, lone surrogates) is no name.
        return Encode(name) == text && IsWellFormed(name) ? name : null;
    }

    static bool IsWellFormed(string name)
    {
        for (var i = 0; i < name.Length; i++)
            if (char.IsSurrogate(name[i]) && !(i + 1 < name.Length && char.IsSurrogatePair(name[i], name[++i])))
                return false;
        return true;
    }
}

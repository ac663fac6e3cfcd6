using System.Text;

namespace Sasl.Credentials.Ldap;

/// <summary>Makes text of somebody else harmless inside a filter or a DN.</summary>
public static class LdapText
{
    /// <summary>As an assertion value (RFC 4515 §3): what has a meaning in filters is written as a backslash and two digits.</summary>
    public static string EscapeFilter(string text) => Escape(text, static (c, _) => c is '*' or '(' or ')' or '\\' or '\0');

    /// <summary>
    /// As a value inside a DN (RFC 4514 §2.4), wherever in the value it may come to stand: blanks and '#' at both ends, and the '=' that need not
    /// be escaped, too. Controls likewise, for they have no business in a name.
    /// </summary>
    public static string EscapeDn(string text) => Escape(text, static (c, isEnd) =>
        c is ',' or '+' or '"' or '\\' or '<' or '>' or ';' or '=' || c < ' ' || c == '\x7f' || (isEnd && c is ' ' or '#'));

    /// <summary>Octets as an assertion value; what is no UTF-8 is written in digits.</summary>
    public static string EscapeValue(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder(value.Length);
        while (!value.IsEmpty)
        {
            var isText = Rune.DecodeFromUtf8(value, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (isText && !Rune.IsControl(rune))
                text.Append(EscapeFilter(rune.ToString()));
            else
            {
                foreach (var b in value[..length])
                    text.Append('\\').Append(b.ToString("x2"));
            }
            value = value[length..];
        }
        return text.ToString();
    }

    static string Escape(string text, Func<char, bool, bool> isSpecial)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (isSpecial(text[i], i == 0 || i == text.Length - 1))
                escaped.Append('\\').Append(((int)text[i]).ToString("x2"));
            else
                escaped.Append(text[i]);
        }
        return escaped.ToString();
    }
}

using System.Text;

namespace Sasl.Credentials.Sql;

/// <summary>A connect string as libpq has it: "name=value name = 'a value with \' and blanks'".</summary>
static class SqlConnectWords
{
    /// <exception cref="FormatException">It is not; the message repeats no value.</exception>
    public static List<(string Name, string Value)> Parse(string text)
    {
        var words = new List<(string, string)>();
        for (var at = 0; ;)
        {
            Skip(text, ref at);
            if (at == text.Length)
                return words;
            var start = at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
                at++;
            var name = text[start..at];
            Skip(text, ref at);
            if (name.Length == 0 || at == text.Length || text[at] != '=')
                throw new FormatException($"connect: no name=value at character {start + 1}");
            at++;
            Skip(text, ref at);
            words.Add((name, Value(text, ref at)));
        }
    }

    static string Value(string text, ref int at)
    {
        var value = new StringBuilder();
        var isQuoted = at < text.Length && text[at] == '\'';
        for (at += isQuoted ? 1 : 0; ; at++)
        {
            if (at == text.Length)
                return isQuoted ? throw new FormatException("connect: a value without its closing quote") : value.ToString();
            if (isQuoted ? text[at] == '\'' : char.IsWhiteSpace(text[at]))
            {
                at++;
                return value.ToString();
            }
            if (text[at] == '\\' && at + 1 < text.Length)
                at++;
            value.Append(text[at]);
        }
    }

    static void Skip(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
    }
}

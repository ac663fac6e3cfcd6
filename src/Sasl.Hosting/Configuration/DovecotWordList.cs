using System.Text;

namespace Sasl.Hosting.Configuration;

/// <summary>
/// "name=value name=value" of args and of default_fields. Dovecot 2.4 writes each pair on a line of its own, so that its values may have blanks in them; a
/// separator that nobody can type then stands between the pairs.
/// </summary>
public static class DovecotWordList
{
    const char Unit = '\x1f';

    static readonly char[] _blanks = [' ', '\t'];

    public static string[] Split(string text) =>
        text.Contains(Unit) ? text.Split(Unit, StringSplitOptions.RemoveEmptyEntries) : text.Split(_blanks, StringSplitOptions.RemoveEmptyEntries);

    public static string Join(IEnumerable<string> words)
    {
        var compact = words.Select(Compact).ToList();
        return compact.Exists(w => w.AsSpan().IndexOfAny(_blanks) >= 0) ? $"{string.Join(Unit, compact)}{Unit}" : string.Join(' ', compact);
    }

    /// <summary>"%{user | lower}" as "%{user|lower}".</summary>
    static string Compact(string word)
    {
        var text = new StringBuilder(word.Length);
        var (isInside, quote) = (false, '\0');
        for (var i = 0; i < word.Length; i++)
        {
            var c = word[i];
            isInside = isInside ? c != '}' || quote != '\0' : c == '{' && i > 0 && word[i - 1] == '%';
            quote = !isInside || c == quote ? '\0' : quote == '\0' && c is '\'' or '"' ? c : quote;
            if (!(isInside && quote == '\0' && c is ' ' or '\t') && c != Unit)
                text.Append(c);
        }
        return text.ToString();
    }
}

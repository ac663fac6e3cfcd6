using System.Text;

namespace AuthServer.Logins;

/// <summary>
/// A text with variables of the login and of what a database has answered: "%{ldap:mail}", "%{ldap:mail:nobody@example.org}" where a word stands in for
/// what is missing, "%{oauth2:sub | lower}", and "%$" for the value that it is about. No value is ever looked at again for variables.
/// </summary>
sealed class AnswerTemplate
{
    readonly List<Part> _parts = [];

    /// <summary>One of the three: a text of the login, a name in the answer, or the value.</summary>
    sealed record Part(LoginTemplate? OfLogin, string Name, string? Otherwise, IReadOnlyList<Func<string, string>> Filters);

    AnswerTemplate()
    {
    }

    /// <summary>What of the answer it wants.</summary>
    public IEnumerable<string> Names => _parts.Where(p => p.OfLogin is null && p.Name.Length > 0).Select(p => p.Name).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The variables of the login in it.</summary>
    public IEnumerable<string> Variables => _parts.SelectMany(p => p.OfLogin?.Variables ?? []).Distinct();

    /// <param name="prefix">"ldap" for %{ldap:…}.</param>
    /// <exception cref="FormatException">It has a variable that nobody knows.</exception>
    public static AnswerTemplate Parse(string text, string prefix)
    {
        var template = new AnswerTemplate();
        var (start, opening) = (0, $"%{{{prefix}:");
        for (var i = 0; i < text.Length;)
        {
            var isValue = text.AsSpan(i).StartsWith("%$");
            if (!isValue && !text.AsSpan(i).StartsWith(opening))
            {
                i += text.AsSpan(i).StartsWith("%%") ? 2 : 1;
                continue;
            }
            template.OfLogin(text[start..i]);
            start = i + 2;
            if (!isValue)
            {
                var end = text.IndexOf('}', i);
                if (end < 0)
                    throw new FormatException($"{text[i..]}: no }}");
                template._parts.Add(Named(text[(i + opening.Length)..end]));
                start = end + 1;
            }
            else
                template._parts.Add(new(null, "", null, []));
            i = start;
        }
        template.OfLogin(text[start..]);
        return template;
    }

    /// <summary>Null when something that it wants is not in the answer.</summary>
    /// <param name="answer">The value by its name, null when it is not there.</param>
    /// <param name="value">What %$ stands for.</param>
    public string? Expand(LoginFacts login, Func<string, string?> answer, string? value = null)
    {
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            if (part.OfLogin is { } ofLogin)
            {
                text.Append(ofLogin.Expand(login));
                continue;
            }
            var found = part.Name.Length == 0 ? value : answer(part.Name) ?? part.Otherwise;
            // A filter may have a word for what is missing.
            var changed = part.Filters.Aggregate(found ?? "", (v, filter) => filter(v));
            if (found is null && changed.Length == 0)
                return null;
            text.Append(changed);
        }
        return text.ToString();
    }

    static Part Named(string text)
    {
        var words = text.Split('|', StringSplitOptions.TrimEntries);
        // A claim may be called by a URL.
        var colon = words[0].Contains("://") ? -1 : words[0].IndexOf(':');
        var name = colon < 0 ? words[0] : words[0][..colon];
        return name.Length == 0 ? throw new FormatException($"%{{{text}}}: no name")
            : new(null, name, colon < 0 ? null : words[0][(colon + 1)..],
                [.. words.Skip(1).Select(w => LoginFilters.OfWord(w) ?? throw new FormatException($"unknown filter {w} in {text}"))]);
    }

    void OfLogin(string text)
    {
        if (text.Length > 0)
            _parts.Add(new(LoginTemplate.Parse(text), "", null, []));
    }
}

using System.Globalization;
using System.Text;

namespace AuthServer.Logins;

/// <summary>A piece of a template: a text as it stands, or a value of the login.</summary>
/// <param name="Literal">null for a value.</param>
/// <param name="Variable">The canonical name of the variable, "" for a text.</param>
sealed record LoginTemplatePart(string? Literal, string Variable, LoginVariables.Reader? Read)
{
    /// <summary>Its value is a domain as components of a DN, "example,dc=org": what "%Dd" makes.</summary>
    public bool MakesComponents { get; init; }

    public string Value(LoginFacts login) => Literal ?? Read!(login) ?? "";
}

/// <summary>
/// A text with variables of a login in it, parsed once: those of Dovecot 2.3, "%u", "%Lu", "%{rip}", "%1.2n", and of 2.4, "%{user | domain | lower}".
/// "%%" is a percent sign. What is unknown is told when it is read, never guessed. No value is ever looked at again for variables.
/// </summary>
sealed class LoginTemplate
{
    LoginTemplate(string text, IReadOnlyList<LoginTemplatePart> parts) => (Text, Parts) = (text, parts);

    public string Text { get; }

    public IReadOnlyList<LoginTemplatePart> Parts { get; }

    /// <summary>The canonical names of the variables in it: what it expands to depends on nothing else.</summary>
    public IEnumerable<string> Variables => Parts.Where(p => p.Literal is null).Select(p => p.Variable).Distinct();

    /// <summary>Null, and what is wrong, when there is something in it that this expander does not know.</summary>
    public static LoginTemplate? TryParse(string text, out string problem)
    {
        var parts = new List<LoginTemplatePart>();
        problem = "";
        for (var i = 0; i < text.Length;)
        {
            var percent = text.IndexOf('%', i);
            if (percent < 0 || percent + 1 == text.Length)
            {
                Literal(parts, text[i..]);
                break;
            }
            Literal(parts, text[i..percent]);
            i = percent + 1;
            if (text[i] == '%')
            {
                Literal(parts, "%");
                i++;
                continue;
            }
            var (part, complaint) = text[i] == '{' ? Long(text, ref i, null) : Short(text, ref i);
            if (part is null)
            {
                problem = complaint;
                return null;
            }
            parts.Add(part);
        }
        return new(text, parts);
    }

    /// <summary>One that is known to be right.</summary>
    public static LoginTemplate Parse(string text) => TryParse(text, out var problem) ?? throw new FormatException(problem);

    /// <param name="escape">Applied to each value, never to the text between them.</param>
    public string Expand(LoginFacts login, Func<string, string>? escape = null)
    {
        if (Parts is [var only])
            return escape is null || only.Literal is not null ? only.Value(login) : escape(only.Value(login));
        var text = new StringBuilder();
        foreach (var part in Parts)
            text.Append(part.Literal ?? (escape is null ? part.Value(login) : escape(part.Value(login))));
        return text.ToString();
    }

    static void Literal(List<LoginTemplatePart> parts, string text)
    {
        if (text.Length == 0)
            return;
        if (parts is [.., { Literal: { } before }])
            parts[^1] = new(before + text, "", null);
        else
            parts.Add(new(text, "", null));
    }

    /// <summary>2.3: "[offset.][width][modifiers]letter", or the same before "{name}".</summary>
    static (LoginTemplatePart? Part, string Problem) Short(string text, ref int i)
    {
        var start = i;
        while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] is '.' or '-'))
            i++;
        var range = text[start..i];
        var (filters, makesComponents) = (new List<Func<string, string>>(), false);
        while (i < text.Length && LoginFilters.OfLetter(text[i]) is { } filter)
        {
            filters.Add(filter);
            makesComponents = text[i] == LoginFilters.Components;
            i++;
        }
        if (i == text.Length)
            return (null, $"unknown variable %{text[start..]}");
        if (LoginFilters.OfRange(range) is not { } cut)
            return (null, $"not an offset and a width: %{range}");
        filters.Add(cut);
        if (text[i] == '{')
            return Long(text, ref i, filters) is (var part, var problem) ? (part is null ? null : part with { MakesComponents = part.MakesComponents || makesComponents }, problem) : default;
        return LoginVariables.Find(text[i].ToString()) is var (name, read)
            ? (new(null, name, Through(read, filters)) { MakesComponents = makesComponents }, ++i > 0 ? "" : "")
            : (null, $"unknown variable %{text[start..(i + 1)]}");
    }

    /// <summary>"{name}", and in 2.4 "{name | filter | filter(argument)}".</summary>
    static (LoginTemplatePart? Part, string Problem) Long(string text, ref int i, List<Func<string, string>>? filters)
    {
        var end = text.IndexOf('}', i);
        if (end < 0)
            return (null, $"%{text[i..]}: no }}");
        var words = text[(i + 1)..end].Split('|', StringSplitOptions.TrimEntries);
        i = end + 1;
        if (LoginVariables.Find(words[0]) is not var (name, read))
            return (null, $"unknown variable %{{{words[0]}}}{(LoginVariables.Suggest(words[0]) is { } near ? $" (did you mean %{{{near}}}?)" : "")}");
        filters ??= [];
        foreach (var word in words.Skip(1))
        {
            if (LoginFilters.OfWord(word) is not { } filter)
                return (null, $"unknown filter {word} in %{{{string.Join(" | ", words)}}}");
            filters.Add(filter);
        }
        return (new(null, name, Through(read, filters)) { MakesComponents = words[^1] == LoginFilters.ComponentsWord }, "");
    }

    static LoginVariables.Reader Through(LoginVariables.Reader read, List<Func<string, string>> filters) =>
        filters.Count == 0 ? read : login => filters.Aggregate(read(login) ?? "", (value, filter) => filter(value));
}

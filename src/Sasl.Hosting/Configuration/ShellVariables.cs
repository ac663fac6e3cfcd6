using System.Text;

namespace Sasl.Hosting.Configuration;

/// <summary>A variable's value, and the line where it got it.</summary>
public readonly record struct ShellVariable(string Value, int Line);

/// <summary>
/// Files of shell variables as distributions have them beside their start scripts (/etc/sysconfig/saslauthd, /etc/default/saslauthd):
/// NAME=value with quotes, $NAME of a variable above, comments. Nothing is ever run: a command substitution is a problem.
/// </summary>
public static class ShellVariables
{
    const int LongestValue = 64 * 1024;

    public static IReadOnlyDictionary<string, ShellVariable> Parse(string file, string text, List<Problem> problems)
    {
        var variables = new Dictionary<string, ShellVariable>(StringComparer.Ordinal);
        var number = 0;
        foreach (var physical in text.Split('\n'))
        {
            number++;
            var line = physical.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("export ", StringComparison.Ordinal))
                line = line[7..].TrimStart();
            var equals = line.IndexOf('=');
            var name = equals < 0 ? line : line[..equals];
            if (equals <= 0 || !IsName(name))
                problems.Add(new(file, number, $"not NAME=value: \"{Short(line)}\"", equals > 0 && IsName(name.Trim()) ? $"{name.Trim()}={line[(equals + 1)..].Trim()}" : null));
            else if (TryValue(line[(equals + 1)..], variables, out var value, out var error))
                variables[name] = new(value, number);
            else
                problems.Add(new(file, number, $"{name}: {error}"));
        }
        return variables;
    }

    static bool TryValue(string text, Dictionary<string, ShellVariable> variables, out string value, out string? error)
    {
        var result = new StringBuilder();
        var quote = '\0';
        (value, error) = ("", null);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\'' && c != '\'')
                result.Append(c);
            else if (c == quote)
                quote = '\0';
            else if (quote == '\0' && c is '\'' or '"')
                quote = c;
            else if (c == '\\' && i + 1 < text.Length && (quote == '\0' || text[i + 1] is '"' or '\\' or '$' or '`'))
                result.Append(text[++i]);
            else if (c == '`' || (c == '$' && i + 1 < text.Length && text[i + 1] == '('))
            {
                error = "commands are not run here";
                return false;
            }
            else if (c == '$' && Variable(text, ref i) is { } name)
                result.Append(variables.GetValueOrDefault(name).Value);
            else if (quote == '\0' && c is ' ' or '\t')
            {
                var rest = text[i..].TrimStart();
                if (rest.Length == 0 || rest[0] == '#')
                    break;
                error = $"words after the value: \"{Short(rest)}\"; put the value in quotes";
                return false;
            }
            else if (quote == '\0' && c is ';' or '&' or '|' or '<' or '>')
            {
                error = "commands are not run here";
                return false;
            }
            else
                result.Append(c);
            // "A=$A$A" doubles with every line.
            if (result.Length > LongestValue)
            {
                error = $"the value becomes longer than {LongestValue} characters";
                return false;
            }
        }
        if (quote != '\0')
            error = $"{quote} without its end";
        value = result.ToString();
        return error is null;
    }

    /// <summary>The name in $NAME or ${NAME} at i, which then stands on its last character; null when it is a plain '$'.</summary>
    static string? Variable(string text, ref int i)
    {
        var braced = i + 1 < text.Length && text[i + 1] == '{';
        var start = i + (braced ? 2 : 1);
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            end++;
        if (end == start || (braced && (end == text.Length || text[end] != '}')))
            return null;
        i = braced ? end : end - 1;
        return text[start..end];
    }

    static bool IsName(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

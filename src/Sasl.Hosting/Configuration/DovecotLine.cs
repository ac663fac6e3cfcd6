using System.Text;

namespace Sasl.Hosting.Configuration;

/// <summary>What one logical line of dovecot.conf says.</summary>
abstract record DovecotLine
{
    public sealed record Blank : DovecotLine;

    public sealed record Bad(string Message) : DovecotLine;

    public sealed record Begin(string Name, string Argument) : DovecotLine;

    public sealed record End : DovecotLine;

    public sealed record Include(string Pattern, bool MayBeMissing) : DovecotLine;

    public sealed record Assignment(string Name, string Value, bool IsFile, bool IsQuoted) : DovecotLine;

    /// <summary>Logical lines with the number of their first physical one; a '\' at the end joins the next line with one blank.</summary>
    public static IEnumerable<(int Number, string Line)> Split(string text)
    {
        var joined = new StringBuilder();
        var (number, start) = (0, 1);
        foreach (var physical in text.Split('\n'))
        {
            number++;
            var line = physical.Trim();
            if (joined.Length == 0)
                start = number;
            if (line.EndsWith('\\') && !line.StartsWith('#'))
            {
                joined.Append(line[..^1].TrimEnd()).Append(' ');
                continue;
            }
            yield return (start, joined.Append(line).ToString());
            joined.Clear();
        }
        if (joined.Length > 0)
            yield return (start, joined.ToString());
    }

    public static DovecotLine Parse(string line)
    {
        var text = line.Trim();
        if (text.Length == 0 || text[0] == '#')
            return new Blank();
        if (text.Contains('\0'))
            return new Bad("a NUL byte");
        if (text.StartsWith("!include", StringComparison.Ordinal))
            return Included(text);
        text = WithoutComment(text);
        if (text == "}")
            return new End();
        var end = 0;
        while (end < text.Length && text[end] is not (' ' or '\t' or '=' or '{'))
            end++;
        var (name, rest) = (text[..end], text[end..].TrimStart());
        if (rest.StartsWith('=') && name.Length > 0)
            return Assigned(name, rest[1..].Trim());
        if (rest.EndsWith('{') && name.Length > 0)
            return new Begin(name, Unquote(rest[..^1].Trim(), out _));
        if (rest.Contains('{'))
            return new Bad("what is in a section begins on a line of its own");
        return new Bad(name.Length == 0 ? "a name is missing" : $"Expecting '=' or '{{' after \"{(name.Length > 60 ? name[..60] + "…" : name)}\"");
    }

    static DovecotLine Included(string text)
    {
        var words = text.Split([' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            ["!include", var pattern] => new Include(Unquote(pattern, out _), false),
            ["!include_try", var pattern] => new Include(Unquote(pattern, out _), true),
            [_] => new Bad($"{words[0]} without a file"),
            _ => new Bad($"unknown directive {words[0]}"),
        };
    }

    static DovecotLine Assigned(string name, string value)
    {
        if (value.StartsWith('<'))
            return new Assignment(name, value[1..].Trim(), true, true);
        if (value is not ['"' or '\'', ..])
            return new Assignment(name, value, false, false);
        var text = Unquote(value, out var isComplete);
        return isComplete ? new Assignment(name, text, false, true) : new Bad($"{name}: a quote without its end");
    }

    /// <summary>"text" or 'text' without its quotes; a backslash in it keeps the next character as it is.</summary>
    static string Unquote(string text, out bool isComplete)
    {
        isComplete = true;
        if (text is not ['"' or '\'', ..])
            return text;
        var result = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == text[0])
            {
                isComplete = i == text.Length - 1;
                return result.ToString();
            }
            if (text[i] == '\\' && i + 1 < text.Length)
                i++;
            result.Append(text[i]);
        }
        isComplete = false;
        return result.ToString();
    }

    /// <summary>A '#' after a blank begins a comment, unless it stands in quotes.</summary>
    static string WithoutComment(string text)
    {
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quote != '\0')
                i++;
            else if (text[i] == quote)
                quote = '\0';
            else if (quote == '\0' && text[i] is '"' or '\'' && i > 0 && text[i - 1] is ' ' or '\t' or '=')
                quote = text[i];
            else if (quote == '\0' && text[i] == '#' && i > 0 && text[i - 1] is ' ' or '\t')
                return text[..i].TrimEnd();
        }
        return text;
    }
}

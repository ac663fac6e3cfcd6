using System.Globalization;
using System.Text;

namespace Sasl.Hosting.Configuration;

/// <summary>
/// The $name language of main.cf: $x, ${x}, $(x), $$, ${x?yes}, ${x:no}, ${x?{yes}:{no}} and ${{a} == {b} ? {yes} : {no}}.
/// Evaluation is lazy and recursive; a name that nobody set is an empty string.
/// </summary>
public static class MainCfExpansion
{
    /// <summary>Deeper than this is a definition that refers to itself.</summary>
    public const int MaximumNesting = 100;

    const int MaximumLength = 1 << 20, MaximumLookUps = 10_000;

    /// <summary>The expansion, or the part that could be expanded when the text is faulty: faults are reported when the file is read.</summary>
    public static string Expand(Settings settings, string raw) => TryExpand(settings.Raw, raw, out var value, out _) ? value : value;

    /// <summary>Expands; <paramref name="error"/> says what is wrong with the text.</summary>
    public static bool TryExpand(Func<string, string?> lookup, string raw, out string value, out string? error)
    {
        if (!raw.Contains('$'))
        {
            (value, error) = (raw, null);
            return true;
        }
        var run = new Run(lookup);
        var text = new StringBuilder();
        run.Append(text, raw, 0);
        (value, error) = (text.ToString(), run.Error);
        return error is null;
    }

    /// <summary>The names that a text refers to, without looking any of them up.</summary>
    public static IReadOnlySet<string> References(string raw)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        // Every branch counts as a reference, taken or not, so each name is tried as empty and as set.
        foreach (var answer in new[] { "", "x" })
        {
            TryExpand(name =>
            {
                names.Add(name);
                return answer;
            }, raw, out _, out _);
        }
        return names;
    }

    sealed class Run(Func<string, string?> lookup)
    {
        int _lookUps;

        public string? Error { get; private set; }

        public void Append(StringBuilder into, string text, int depth)
        {
            if (depth > MaximumNesting)
            {
                Error ??= $"more than {MaximumNesting} levels of $name: a definition refers to itself";
                return;
            }
            for (var i = 0; i < text.Length && Error is null;)
            {
                var dollar = text.IndexOf('$', i);
                into.Append(text, i, (dollar < 0 ? text.Length : dollar) - i);
                if (dollar < 0)
                    break;
                i = Reference(into, text, dollar + 1, depth);
                if (into.Length > MaximumLength)
                    Error ??= $"the value becomes longer than {MaximumLength} bytes";
            }
        }

        /// <summary>What stands after a '$'; returns where the text goes on.</summary>
        int Reference(StringBuilder into, string text, int at, int depth)
        {
            if (at == text.Length)
            {
                Error ??= "a '$' at the end; write $$ for one dollar sign";
                return at;
            }
            if (text[at] == '$')
            {
                into.Append('$');
                return at + 1;
            }
            if (text[at] is '{' or '(')
            {
                var close = Balanced(text, at);
                if (close < 0)
                {
                    Error ??= $"'{text[at]}' without '{(text[at] == '{' ? '}' : ')')}' in \"{Short(text[(at - 1)..])}\"";
                    return text.Length;
                }
                Braced(into, text[(at + 1)..close], depth);
                return close + 1;
            }
            var end = at;
            while (end < text.Length && IsNameCharacter(text[end]))
                end++;
            if (end == at)
            {
                Error ??= $"'${text[at]}' is not a $name; write $$ for one dollar sign";
                return at;
            }
            Value(into, text[at..end], depth);
            return end;
        }

        /// <summary>The inside of ${…}: a name, a condition on a name, or a comparison.</summary>
        void Braced(StringBuilder into, string inside, int depth)
        {
            var text = inside.Trim();
            if (text.StartsWith('{'))
            {
                Comparison(into, text, depth);
                return;
            }
            var end = 0;
            while (end < text.Length && IsNameCharacter(text[end]))
                end++;
            var name = text[..end];
            if (name.Length == 0)
                Error ??= $"a name is missing in ${{{Short(inside)}}}";
            else if (end == text.Length)
                Value(into, name, depth);
            else if (text[end] is '?' or ':')
            {
                var value = new StringBuilder();
                Value(value, name, depth);
                Branch(into, text[end..], value.Length > 0, depth);
            }
            else
                Error ??= $"'{text[end]}' is not expected in ${{{Short(inside)}}}";
        }

        void Value(StringBuilder into, string name, int depth)
        {
            // a = $b$b, b = $c$c, … doubles with each line and need not produce a single character.
            if (++_lookUps > MaximumLookUps)
                Error ??= $"more than {MaximumLookUps} look-ups for one value";
            else if (lookup(name) is { } value)
                Append(into, value, depth + 1);
        }

        /// <summary>"?yes", ":no", "?{yes}:{no}" or "?{yes}:no". An unbraced "yes" may hold ':' itself (the historic rule).</summary>
        void Branch(StringBuilder into, string branches, bool holds, int depth)
        {
            var rest = branches[1..];
            if (branches[0] == ':')
            {
                if (!holds)
                    Append(into, Unbrace(rest), depth + 1);
                return;
            }
            var start = rest.TrimStart();
            var close = start.StartsWith('{') ? Balanced(start, 0) : -1;
            if (close < 0)
            {
                if (holds)
                    Append(into, rest, depth + 1);
                return;
            }
            var otherwise = start[(close + 1)..].Trim();
            if (holds)
                Append(into, start[1..close].Trim(), depth + 1);
            else if (otherwise.StartsWith(':'))
                Append(into, Unbrace(otherwise[1..]), depth + 1);
            if (otherwise.Length > 0 && otherwise[0] != ':')
                Error ??= $"\"{Short(otherwise)}\" is not expected after {{…}}";
        }

        void Comparison(StringBuilder into, string text, int depth)
        {
            var close = Balanced(text, 0);
            if (close < 0)
            {
                Error ??= $"'{{' without '}}' in \"{Short(text)}\"";
                return;
            }
            var left = Operand(text[1..close], depth);
            var rest = text[(close + 1)..].TrimStart();
            var length = 0;
            while (length < rest.Length && rest[length] is not ('{' or '?' or ':'))
                length++;
            var @operator = rest[..length].Trim();
            rest = rest[length..];
            var end = rest.StartsWith('{') ? Balanced(rest, 0) : -1;
            if (end < 0)
            {
                Error ??= $"a comparison needs {{left}} operator {{right}}, in \"{Short(text)}\"";
                return;
            }
            var right = Operand(rest[1..end], depth);
            if (Compare(left, @operator, right) is not { } holds)
            {
                Error ??= $"\"{Short(@operator)}\" is not a comparison";
                return;
            }
            var branches = rest[(end + 1)..].Trim();
            if (branches.Length == 0)
                into.Append(holds ? "true" : "");
            else if (branches[0] is '?' or ':')
                Branch(into, branches, holds, depth);
            else
                Error ??= $"\"{Short(branches)}\" is not expected after a comparison";
        }

        string Operand(string text, int depth)
        {
            var value = new StringBuilder();
            Append(value, text.Trim(), depth + 1);
            return value.ToString();
        }
    }

    static string Unbrace(string text)
    {
        var trimmed = text.Trim();
        return trimmed.StartsWith('{') && Balanced(trimmed, 0) == trimmed.Length - 1 ? trimmed[1..^1].Trim() : text;
    }

    /// <summary>Numbers compare as numbers, everything else by code point; "level" compares the parts of a release number.</summary>
    static bool? Compare(string left, string @operator, string right)
    {
        var words = @operator.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var isLevel = words is [_, "level"] || @operator is "<level" or "<=level" or ">level" or ">=level" or "==level" or "!=level";
        var sign = words.Length == 0 ? "" : words[0].Replace("level", "");
        if (words.Length > (isLevel && words[^1] == "level" ? 2 : 1))
            return null;
        var order = isLevel ? CompareLevels(left, right)
            : IsNumber(left) && IsNumber(right) ? CompareNumbers(left, right)
            : string.CompareOrdinal(left, right);
        return sign switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => null,
        };
    }

    static int CompareLevels(string left, string right)
    {
        var (a, b) = (left.Split('.'), right.Split('.'));
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            var order = Part(a, i).CompareTo(Part(b, i));
            if (order != 0)
                return order;
        }
        return 0;

        static long Part(string[] parts, int i) =>
            i < parts.Length && long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
    }

    static int CompareNumbers(string left, string right)
    {
        var (a, b) = (left.TrimStart('0'), right.TrimStart('0'));
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
    }

    static bool IsNumber(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    /// <summary>Where the bracket that opens at <paramref name="open"/> is closed, or -1.</summary>
    static int Balanced(string text, int open)
    {
        var (opener, closer) = text[open] == '{' ? ('{', '}') : ('(', ')');
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            depth += text[i] == opener ? 1 : text[i] == closer ? -1 : 0;
            if (depth == 0)
                return i;
        }
        return -1;
    }

    static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}

using System.Text;

namespace Sasl.Hosting.Configuration;

/// <summary>One logical line: the physical line it begins on (from 1), the one after its last, and its text without line ends.</summary>
public sealed record LogicalLine(int Line, int EndLine, string Text);

/// <summary>One "name = value" of main.cf.</summary>
public sealed record PostfixEntry(string Name, string Value, string File, int Line, int EndLine);

/// <summary>
/// The grammar that main.cf and master.cf share. A line that begins with a blank continues the one before, even across comments and
/// empty lines; '#' begins a comment only as the first character of a line that is not a blank.
/// </summary>
public static class PostfixFile
{
    const int LargestFile = 4 << 20;

    /// <summary>The file's text, or null with a problem when it cannot be read. Bytes that are not UTF-8 are kept as replacement characters.</summary>
    public static string? Read(string file, List<Problem> problems)
    {
        try
        {
            if (new FileInfo(file).Length <= LargestFile)
                return File.ReadAllText(file);
            problems.Add(new(file, 0, $"larger than {LargestFile} bytes"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(file, 0, $"cannot be read: {failure.Message}"));
        }
        return null;
    }

    public static IReadOnlyList<LogicalLine> LogicalLines(string file, string text, List<Problem> problems)
    {
        var lines = new List<LogicalLine>();
        var current = new StringBuilder();
        var (start, end, number) = (0, 0, 0);
        foreach (var physical in text.Split('\n'))
        {
            number++;
            var line = physical;
            if (line.Contains('\0'))
            {
                problems.Add(new(file, number, "text after null byte may be ignored", IsWarning: true));
                line = line[..line.IndexOf('\0')];
            }
            var content = line.AsSpan().Trim(Blanks);
            if (content.IsEmpty || content[0] == '#')
                continue;
            if (!IsBlank(line[0]))
            {
                Finish();
                (start, end) = (number, number + 1);
                current.Append(line);
            }
            else if (start > 0)
            {
                current.Append(line.TrimEnd('\r'));
                end = number + 1;
            }
            else
                problems.Add(new(file, number, "logical line must not start with whitespace", IsWarning: true));
        }
        Finish();
        return lines;

        void Finish()
        {
            if (start > 0)
                lines.Add(new(start, end, current.ToString().Trim(Blanks)));
            current.Clear();
        }
    }

    /// <summary>All entries in their order; of duplicates the last one counts, and each that overrides another is reported.</summary>
    public static IReadOnlyList<PostfixEntry> Parse(string file, string text, List<Problem> problems)
    {
        var entries = new List<PostfixEntry>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in LogicalLines(file, text, problems))
        {
            if (!TrySplit(line.Text, out var name, out var value, out var error))
            {
                problems.Add(new(file, line.Line, error!));
                continue;
            }
            if (values.TryGetValue(name, out var old) && old != value)
                problems.Add(new(file, line.Line, $"overriding earlier entry: {name}={old}", IsWarning: true));
            values[name] = value;
            entries.Add(new(name, value, file, line.Line, line.EndLine));
        }
        return entries;
    }

    /// <summary>Splits "name = value"; also the argument of -o and of postconf -e.</summary>
    public static bool TrySplit(string text, out string name, out string value, out string? error)
    {
        text = text.Trim(Blanks);
        var equals = text.IndexOf('=');
        name = (equals < 0 ? text : text[..equals]).Trim(Blanks);
        value = equals < 0 ? "" : text[(equals + 1)..].Trim(Blanks);
        error = equals == 0 ? $"missing attribute name: \"{Short(text)}\""
            : equals < 0 || name.AsSpan().IndexOfAny(' ', '\t') >= 0 ? $"missing '=' after attribute name: \"{Short(text)}\""
            : null;
        return error is null;
    }

    internal static readonly char[] Blanks = [' ', '\t', '\r', '\n', '\f', '\v'];

    static bool IsBlank(char c) => c is ' ' or '\t' or '\r' or '\f' or '\v';

    static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}

using System.Globalization;
using System.Text;

namespace MailControl.Metrics;

/// <summary>
/// The texts of several processes as one: each metric once, with the samples of all, and the label "process" on every sample. A process may
/// have been taken over: what is not a line as ours write it is left out.
/// </summary>
sealed class MetricsText
{
    /// <summary>Made here, not by an instrument: whether a process answered.</summary>
    public const string Up = "mail_process_up";

    readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    public bool IsEmpty => _families.Count == 0;

    /// <param name="text">Null when it did not answer.</param>
    public void Add(string process, string? text)
    {
        var up = FamilyOf(Up);
        up.Head = $"# HELP {Up} Whether the process told its metrics.\n# TYPE {Up} gauge\n";
        up.Samples.Append(CultureInfo.InvariantCulture, $"{Up}{{process=\"{process}\"}} {(text is null ? 0 : 1)}\n");
        var head = "";
        foreach (var line in (text ?? "").Split('\n').Where(l => l.Length > 0 && !l.Any(char.IsControl)))
        {
            var words = line.Split(' ', 4);
            if (words is ["#", "HELP", var helped, _] && IsName(helped))
                head = line + "\n";
            else if (words is ["#", "TYPE", var typed, "counter" or "gauge"] && IsName(typed) && head.StartsWith($"# HELP {typed} ", StringComparison.Ordinal))
                FamilyOf(typed).Head = head + line + "\n";
            else
                AddSample(process, line);
        }
    }

    public override string ToString() => string.Concat(_families.Values.Where(f => f.Samples.Length > 0).Select(f => f.Head + f.Samples));

    void AddSample(string process, string line)
    {
        var space = line.LastIndexOf(' ');
        if (space < 0 || !long.TryParse(line.AsSpan(space + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return;
        var brace = line.AsSpan(0, space).IndexOf('{');
        var (name, labels) = brace < 0 ? (line[..space], "") : (line[..brace], line[brace..space]);
        if (!_families.TryGetValue(name, out var family) || name == Up || (labels.Length > 0 && !IsLabels(labels)))
            return;
        family.Samples.Append(CultureInfo.InvariantCulture, $"{name}{{process=\"{process}\"{(labels.Length > 0 ? "," + labels[1..^1] : "")}}} {value}\n");
    }

    Family FamilyOf(string name)
    {
        if (!_families.TryGetValue(name, out var family))
            _families[name] = family = new();
        return family;
    }

    static bool IsName(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(_name) && !char.IsAsciiDigit(text[0]);

    /// <summary>{name="value",…}, a value without quotes and backslashes but escaped ones.</summary>
    static bool IsLabels(ReadOnlySpan<char> text)
    {
        if (text is not ['{', .., '}'])
            return false;
        for (var rest = text[1..^1]; ;)
        {
            var quote = rest.IndexOf("=\"");
            if (quote < 0 || !IsName(rest[..quote]) || rest[..quote] is "process")
                return false;
            rest = rest[(quote + 2)..];
            while (rest.Length > 0 && rest[0] != '"')
                rest = rest[(rest[0] == '\\' && rest.Length > 1 ? 2 : 1)..];
            if (rest is ['"'])
                return true;
            if (rest is not ['"', ',', ..])
                return false;
            rest = rest[2..];
        }
    }

    static readonly System.Buffers.SearchValues<char> _name = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    sealed class Family
    {
        public string Head { get; set; } = "";

        public StringBuilder Samples { get; } = new();
    }
}

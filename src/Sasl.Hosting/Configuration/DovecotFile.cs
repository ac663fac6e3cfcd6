namespace Sasl.Hosting.Configuration;

/// <summary>One element of a dovecot.conf tree, with the place it came from.</summary>
public abstract record DovecotNode(string File, int Line);

/// <param name="IsFile">The value was written as &lt;path: it is the name of a file whose content is meant.</param>
public sealed record DovecotAssignment(string Name, string Value, bool IsFile, string File, int Line) : DovecotNode(File, Line);

public sealed record DovecotSection(string Name, string Argument, IReadOnlyList<DovecotNode> Children, string File, int Line) : DovecotNode(File, Line)
{
    public IEnumerable<DovecotSection> Sections(string name) => Children.OfType<DovecotSection>().Where(s => s.Name == name);

    public IEnumerable<DovecotAssignment> Assignments => Children.OfType<DovecotAssignment>();

    /// <summary>The last value of a name, or null.</summary>
    public string? Value(string name) => Assignments.LastOrDefault(a => a.Name == name)?.Value;
}

/// <summary>
/// The grammar of dovecot.conf (2.3): "key = value", "name argument {" … "}", !include and !include_try with wildcards relative to the
/// file, '#' comments, '\' at the end of a line that goes on, quotes, &lt;file values, and $key for the value that key has so far.
/// </summary>
public sealed class DovecotFile
{
    const int MaximumIncludes = 20, MaximumDepth = 30;

    readonly List<Problem> _problems;

    /// <summary>Values so far by section path, for $key.</summary>
    readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    readonly Stack<string> _open = new();

    DovecotFile(List<Problem> problems) => _problems = problems;

    /// <summary>Reads a file and all that it includes into one tree, whose root has no name.</summary>
    public static DovecotSection Load(string file, List<Problem> problems)
    {
        var reader = new DovecotFile(problems);
        var children = new List<DovecotNode>();
        reader.Include(file, children);
        return new DovecotSection("", "", children, file, 0);
    }

    /// <summary>Parses text as if it stood in <paramref name="file"/>.</summary>
    public static DovecotSection Parse(string file, string text, List<Problem> problems)
    {
        var reader = new DovecotFile(problems);
        var children = new List<DovecotNode>();
        reader._open.Push(file);
        reader.Read(file, text, children);
        return new DovecotSection("", "", children, file, 0);
    }

    void Include(string file, List<DovecotNode> into)
    {
        if (PostfixFile.Read(file, _problems) is not { } text)
            return;
        _open.Push(file);
        Read(file, text, into);
        _open.Pop();
    }

    void Read(string file, string text, List<DovecotNode> root)
    {
        // The sections that are open: what they are, where they began and what is in them.
        var open = new Stack<(string Name, string Argument, int Line, List<DovecotNode> Children)>();
        var path = "";
        foreach (var (number, line) in DovecotLine.Split(text))
        {
            var into = open.Count > 0 ? open.Peek().Children : root;
            switch (DovecotLine.Parse(line))
            {
                case DovecotLine.Blank:
                    break;
                case DovecotLine.Bad(var message):
                    _problems.Add(new(file, number, message));
                    break;
                case DovecotLine.Begin(var name, var argument) when open.Count < MaximumDepth:
                    open.Push((name, argument, number, []));
                    path += $"{name}/{argument}/";
                    break;
                case DovecotLine.Begin:
                    _problems.Add(new(file, number, $"more than {MaximumDepth} sections within each other"));
                    return;
                case DovecotLine.End when open.Count == 0:
                    _problems.Add(new(file, number, "Unexpected '}'"));
                    break;
                case DovecotLine.End:
                    var section = open.Pop();
                    (open.Count > 0 ? open.Peek().Children : root)
                        .Add(new DovecotSection(section.Name, section.Argument, section.Children, file, section.Line));
                    path = path[..^$"{section.Name}/{section.Argument}/".Length];
                    break;
                case DovecotLine.Include(var pattern, var mayBeMissing):
                    IncludeAll(file, number, pattern, mayBeMissing, into);
                    break;
                case DovecotLine.Assignment(var name, var value, var isFile, var isQuoted):
                    if (!isQuoted)
                        value = DovecotVariables.Expand(value, other => _values.GetValueOrDefault(path + other) ?? _values.GetValueOrDefault(other), m => _problems.Add(new(file, number, $"{name}: {m}", IsWarning: true)));
                    _values[path + name] = value;
                    into.Add(new DovecotAssignment(name, value, isFile, file, number));
                    break;
            }
        }
        foreach (var (name, argument, line, children) in open)
        {
            _problems.Add(new(file, line, $"Section {$"{name} {argument}".TrimEnd()} is missing '}}'"));
            root.Add(new DovecotSection(name, argument, children, file, line));
        }
    }

    void IncludeAll(string file, int line, string pattern, bool mayBeMissing, List<DovecotNode> into)
    {
        var full = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, pattern);
        var files = Wildcard.Files(full);
        if (files.Count == 0 && !mayBeMissing && !Wildcard.IsPattern(pattern))
            _problems.Add(new(file, line, $"Couldn't open include file {full}: No such file or directory"));
        foreach (var found in files)
        {
            if (_open.Contains(found))
                _problems.Add(new(file, line, $"Recursive include file: {found}"));
            else if (_open.Count >= MaximumIncludes)
                _problems.Add(new(file, line, $"more than {MaximumIncludes} files include each other"));
            else
                Include(found, into);
        }
    }
}

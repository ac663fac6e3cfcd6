namespace Sasl.Hosting.Configuration;

/// <summary>The settings of 2.4 that stand in one block, or outside of all, under their full names.</summary>
sealed class DovecotModernScope(List<Problem> problems)
{
    readonly Dictionary<string, DovecotAssignment> _values = new(StringComparer.Ordinal);

    readonly Dictionary<string, List<DovecotAssignment>> _pairs = new(StringComparer.Ordinal);

    /// <summary>pgsql, mysql, sqlite.</summary>
    public List<DovecotSection> Servers { get; } = [];

    /// <summary>oauth2_local_validation.</summary>
    public DovecotSection? Validation { get; private set; }

    public IEnumerable<DovecotAssignment> Values => _values.Values;

    public DovecotAssignment? Value(string name) => _values.GetValueOrDefault(name);

    public IReadOnlyList<DovecotAssignment> Pairs(string name) => _pairs.GetValueOrDefault(name) ?? [];

    /// <param name="beginnings">What may be left off a name, the longest first; "" is among them.</param>
    /// <returns>What is no such setting or section.</returns>
    public List<DovecotNode> Read(IEnumerable<DovecotNode> nodes, IReadOnlyList<string> beginnings)
    {
        var others = new List<DovecotNode>();
        foreach (var node in nodes)
        {
            if (!(node is DovecotAssignment assignment ? Assign(assignment, beginnings) : Enter((DovecotSection)node, beginnings, others)))
                others.Add(node);
        }
        return others;
    }

    bool Assign(DovecotAssignment assignment, IReadOnlyList<string> beginnings)
    {
        // "fields/user = x" is how 2.4 writes one pair on a line.
        var slash = assignment.Name.IndexOf('/');
        if (DovecotModernNames.Resolve(slash < 0 ? assignment.Name : assignment.Name[..slash], beginnings) is not { } name)
            return false;
        if (slash < 0 == (DovecotModernNames.ShapeOf(name) == ModernShape.Pairs))
            return false;
        if (assignment.IsFile)
            assignment = assignment with { Value = (PostfixFile.Read(assignment.Value, problems) ?? "").TrimEnd('\r', '\n'), IsFile = false };
        if (slash < 0)
            _values[name] = assignment;
        else
            Pair(name, assignment with { Name = assignment.Name[(slash + 1)..] });
        return true;
    }

    bool Enter(DovecotSection section, IReadOnlyList<string> beginnings, List<DovecotNode> others)
    {
        if (section.Name == "oauth2" && section.Argument.Length == 0)
            others.AddRange(Read(section.Children, ["oauth2_", ""]));
        else if (DovecotModernNames.Resolve(section.Name, [.. beginnings, "oauth2_"]) is { } name && section.Argument.Length == 0 && section.Children.All(c => c is DovecotAssignment))
        {
            if (DovecotModernNames.ShapeOf(name) == ModernShape.Flags)
                _values[name] = new(section.Name, string.Join(' ', section.Assignments.Where(a => a.Value.Equals("yes", StringComparison.OrdinalIgnoreCase)).Select(a => a.Name)), false, section.File, section.Line);
            else if (DovecotModernNames.ShapeOf(name) == ModernShape.Pairs)
                section.Assignments.ToList().ForEach(a => Pair(name, a));
            else
                return false;
        }
        else if (section.Name is "oauth2_local_validation" or "local_validation")
            Validation = section;
        else if (section.Name is "pgsql" or "mysql" or "sqlite" or "cassandra")
            Servers.Add(section);
        else
            return false;
        return true;
    }

    void Pair(string name, DovecotAssignment pair)
    {
        if (!_pairs.TryGetValue(name, out var pairs))
            _pairs[name] = pairs = [];
        pairs.RemoveAll(p => p.Name == pair.Name);
        pairs.Add(pair);
    }
}

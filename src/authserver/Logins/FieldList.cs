namespace AuthServer.Logins;

/// <summary>The extra fields that databases give for a user, in their order: name and value, the last one said counts.</summary>
sealed class FieldList
{
    const string Default = ":default", Protected = ":protected", Remove = ":remove";

    readonly List<(string Name, string Value)> _fields = [];

    public IReadOnlyList<(string Name, string Value)> All => _fields;

    /// <summary>The value, or null when the field is not there. A field without a value is "yes".</summary>
    public string? this[string name] => _fields.FindIndex(f => f.Name == name) is var at and >= 0 ? _fields[at].Value : null;

    /// <summary>
    /// Puts a field in. The name may end in ":default" (":protected" in older files): only when the field is not there yet, or in ":remove".
    /// </summary>
    public void Set(string name, string value)
    {
        var suffix = name.EndsWith(Default, StringComparison.Ordinal) ? Default : name.EndsWith(Protected, StringComparison.Ordinal) ? Protected
            : name.EndsWith(Remove, StringComparison.Ordinal) ? Remove : "";
        name = name[..^suffix.Length];
        var at = _fields.FindIndex(f => f.Name == name);
        if (suffix == Remove && at >= 0)
            _fields.RemoveAt(at);
        else if (suffix.Length == 0 && at >= 0)
            _fields[at] = (name, value);
        else if (suffix != Remove && at < 0)
            _fields.Add((name, value));
    }

    public void Set(IEnumerable<(string Name, string Value)> fields)
    {
        foreach (var (name, value) in fields)
            Set(name, value);
    }

    public IReadOnlyList<(string Name, string Value)> Copy() => _fields.Count == 0 ? [] : [.. _fields];

    public void Clear() => _fields.Clear();
}

namespace MailControl.Doveconf;

/// <summary>One element of what is printed: a setting with its value, or a section.</summary>
/// <param name="Value">Null for a section.</param>
sealed record DoveconfEntry(string Name, string Argument, string? Value, IReadOnlyList<DoveconfEntry> Children)
{
    public static DoveconfEntry Setting(string name, string value) => new(name, "", value, []);

    /// <summary>What is in it stands in the order of names; sections of one name in their own.</summary>
    public static DoveconfEntry Section(string name, string argument, IEnumerable<DoveconfEntry> children) => new(name, argument, null, [.. Sorted(children)]);

    public static IEnumerable<DoveconfEntry> Sorted(IEnumerable<DoveconfEntry> entries) =>
        entries.OrderBy(e => e.Name, StringComparer.Ordinal).ThenBy(e => e.Argument, StringComparer.Ordinal);

    /// <summary>What a path names beneath this: "service" or "service/auth" a section, "service/auth/client_limit" a setting.</summary>
    public static IEnumerable<(string Path, DoveconfEntry Entry)> Find(IEnumerable<DoveconfEntry> entries, string path)
    {
        foreach (var entry in entries)
        {
            if (entry.Name == path || (entry.Value is null && $"{entry.Name}/{entry.Argument}" == path))
                yield return (path, entry);
            var prefix = entry.Argument.Length > 0 ? $"{entry.Name}/{entry.Argument}/" : $"{entry.Name}/";
            if (entry.Value is null && path.StartsWith(prefix, StringComparison.Ordinal))
            {
                foreach (var (_, found) in Find(entry.Children, path[prefix.Length..]))
                    yield return (path, found);
            }
        }
    }
}

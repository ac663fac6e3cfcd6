using Sasl.Hosting.Unix;

namespace MailServers.Queue.Local;

/// <summary>
/// Looks keys up in a list of text tables. A table is read when first asked for and again when its file has changed, so that an edit needs no
/// restart. A table that cannot be read is an error (the mail waits), not an empty table; only alias tables may be missing, since the default names
/// one that not every system has.
/// </summary>
sealed class TableReader(IReadOnlyList<string> maps, bool aliases, IReadOnlyDictionary<string, string>? given = null)
{
    const long LargestTable = 64 << 20;

    readonly Lock _gate = new();
    readonly Dictionary<string, (FileStatus Status, Dictionary<string, string> Table)> _tables = [];

    /// <summary>The value of the first table that has the key; null when none has. IOException when one cannot be read.</summary>
    public string? Find(string key)
    {
        foreach (var map in maps)
        {
            var source = TextTable.SourceOf(map) ?? throw new IOException($"unsupported table type: {map}");
            // A table with secrets is read by the supervisor and handed over: this process cannot open it.
            if (given?.GetValueOrDefault($"table:{map}") is { } text)
            {
                if (TextTable.Parse(text, aliases).TryGetValue(key.ToLowerInvariant(), out var handed))
                    return handed;
                continue;
            }
            if (Read(source).TryGetValue(key.ToLowerInvariant(), out var value))
                return value;
        }
        return null;
    }

    Dictionary<string, string> Read(string path)
    {
        // The administrator may have made the file a symbolic link; its target is what counts.
        var target = Files.Status(path) is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        if (Files.Status(target) is not { } status)
            return aliases ? [] : throw new IOException($"open {path}: No such file or directory");
        lock (_gate)
        {
            if (_tables.TryGetValue(path, out var known) && known.Status == status)
                return known.Table;
        }
        if (!status.IsRegular || status.Size > LargestTable)
            throw new IOException($"{path} is not a table");
        Dictionary<string, string> table;
        try
        {
            table = TextTable.Parse(File.ReadAllText(target), aliases);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException(denied.Message, denied);
        }
        lock (_gate)
            _tables[path] = (status, table);
        return table;
    }
}

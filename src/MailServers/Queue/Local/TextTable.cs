using System.Text;

namespace MailServers.Queue.Local;

/// <summary>
/// The text sources of Postfix's lookup tables: logical lines (a line that begins with a blank continues the one before), '#' comments,
/// keys folded to lower case. In aliases(5) a colon follows the key, elsewhere a blank.
/// </summary>
static class TextTable
{
    public static Dictionary<string, string> Parse(string text, bool aliases)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in LogicalLines(text))
        {
            var (key, value) = Split(line, aliases);
            // The first of two equal keys is what postmap would keep after its warning.
            if (key.Length > 0)
                table.TryAdd(key.ToLowerInvariant(), value);
        }
        return table;
    }

    /// <summary>Where the text source of "type:name" is; null for a type that has none.</summary>
    public static string? SourceOf(string map)
    {
        var colon = map.IndexOf(':');
        return colon > 0 && map[..colon] is "hash" or "btree" or "lmdb" or "cdb" or "dbm" or "texthash" ? map[(colon + 1)..].Trim() : null;
    }

    static IEnumerable<string> LogicalLines(string text)
    {
        StringBuilder? logical = null;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.TrimEnd('\r', ' ', '\t');
            // Comments and empty lines do not end a logical line.
            if (line.Length == 0 || line.AsSpan().TrimStart(" \t")[0] == '#')
                continue;
            if (line[0] is ' ' or '\t')
            {
                logical?.Append(' ').Append(line.AsSpan().TrimStart(" \t"));
                continue;
            }
            if (logical is not null)
                yield return logical.ToString();
            logical = new(line);
        }
        if (logical is not null)
            yield return logical.ToString();
    }

    static (string Key, string Value) Split(string line, bool aliases)
    {
        int end;
        string key;
        if (line[0] == '"' && line.IndexOf('"', 1) is > 0 and var quote)
        {
            (key, end) = (line[1..quote], quote + 1);
        }
        else
        {
            end = aliases ? line.IndexOf(':') : line.AsSpan().IndexOfAny(' ', '\t');
            // ":include:" cannot be a key.
            if (end <= 0)
                return ("", "");
            key = line[..end].Trim();
        }
        var rest = line[end..].TrimStart();
        if (aliases)
            rest = rest.StartsWith(':') ? rest[1..].TrimStart() : "";
        return (key, rest);
    }
}

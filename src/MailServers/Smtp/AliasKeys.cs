using Microsoft.Extensions.Logging;

namespace MailServers.Smtp;

/// <summary>The names that the alias files know. What they stand for is the queue's business. Read again when a file has changed.</summary>
sealed class AliasKeys(IReadOnlyList<string> files, ILogger log)
{
    readonly Lock _gate = new();
    DateTime[] _stamps = [];
    HashSet<string> _keys = [];

    public bool Contains(string name)
    {
        if (files.Count == 0)
            return false;
        lock (_gate)
        {
            var stamps = files.Select(File.GetLastWriteTimeUtc).ToArray();
            if (!stamps.SequenceEqual(_stamps))
                (_keys, _stamps) = (Read(), stamps);
            return _keys.Contains(name);
        }
    }

    /// <summary>aliases(5): "name: value", "\"quoted name\": value", continuation lines begin with a blank.</summary>
    public static IEnumerable<string> Parse(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            if (line.Length == 0 || line[0] is ' ' or '\t' or '#')
                continue;
            var colon = line[0] == '"' ? line.IndexOf(':', Math.Max(1, line.IndexOf('"', 1))) : line.IndexOf(':');
            if (colon > 0 && line[..colon].Trim().Trim('"') is { Length: > 0 } name)
                yield return name.ToLowerInvariant();
        }
    }

    HashSet<string> Read()
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            try
            {
                keys.UnionWith(Parse(File.ReadLines(file)));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                SmtpLog.AliasFile(log, file, failure.Message);
            }
        }
        return keys;
    }
}

namespace Sasl.Hosting.Configuration;

/// <summary>
/// Where the files are beneath a directory: all in it, or in the sub-directories of a Linux distribution (/etc/postfix, /etc/dovecot,
/// /etc/sasl2). Null: there is none.
/// </summary>
public sealed record ConfigurationPlaces(string Directory, string? MainCf, string? MasterCf, string? DovecotConf, IReadOnlyList<string> Sasl2)
{
    public static ConfigurationPlaces Find(string directory)
    {
        directory = Path.GetFullPath(directory);
        var mainCf = First("main.cf", "postfix/main.cf");
        return new(directory, mainCf,
            mainCf is null ? First("master.cf", "postfix/master.cf") : First(Path.Combine(Path.GetDirectoryName(mainCf)!, "master.cf")),
            First("dovecot.conf", "dovecot/dovecot.conf"),
            Sasl2Files("sasl2", "sasl", "postfix/sasl"));

        string? First(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (File.Exists(Path.Combine(directory, name)))
                    return Path.Combine(directory, name);
            }
            return null;
        }

        // The first directory that has a file of a name wins, as on the library's search path.
        IReadOnlyList<string> Sasl2Files(params ReadOnlySpan<string> names)
        {
            var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var name in names)
            {
                foreach (var file in Wildcard.Files(Path.Combine(directory, name, "*.conf")))
                    files.TryAdd(Path.GetFileName(file), file);
            }
            return [.. files.Values];
        }
    }
}

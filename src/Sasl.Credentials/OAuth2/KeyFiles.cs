namespace Sasl.Credentials.OAuth2;

/// <summary>
/// Keys that the administrator has put into files. Of a directory everything is read, PARTY/ALGORITHM/NAME, and what a token names is looked for in
/// what was read: nothing of a token ever becomes part of a path.
/// </summary>
static class KeyFiles
{
    const int MostFiles = 1000, LongestFile = 16 * 1024;

    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">It is no JWK Set.</exception>
    public static KeyRing OfSet(string path) => KeyRing.OfJson(Read(path, KeyRing.LongestSet));

    /// <param name="problem">Hears of a file that is no key; the others are good all the same.</param>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static KeyRing OfDirectory(string path, Action<string> problem)
    {
        var keys = new List<VerificationKey>();
        foreach (var file in Files(path).Take(MostFiles))
        {
            var words = Path.GetRelativePath(path, file).Split('/');
            if (JwtAlgorithm.Find(words[1]) is not { } algorithm)
            {
                problem($"{file}: {words[1]} is no algorithm that is believed");
                continue;
            }
            try
            {
                keys.Add(VerificationKey.OfText(System.Text.Encoding.UTF8.GetString(Read(file, LongestFile)), NameOf(words[2]), algorithm, NameOf(words[0])));
            }
            catch (FormatException none)
            {
                problem($"{file}: {none.Message}");
            }
        }
        return new(keys);
    }

    /// <summary>Dovecot writes '/' and '%' of a name so that it fits a file's.</summary>
    static string NameOf(string file) => file.Replace("%2f", "/", StringComparison.OrdinalIgnoreCase).Replace("%25", "%", StringComparison.Ordinal);

    static IEnumerable<string> Files(string path) =>
        from party in Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal)
        from algorithm in Directory.EnumerateDirectories(party).Order(StringComparer.Ordinal)
        from file in Directory.EnumerateFiles(algorithm).Order(StringComparer.Ordinal)
        select file;

    static byte[] Read(string path, int longest)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[longest + 1];
        var count = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return count <= longest ? content[..count] : throw new IOException($"{path} is longer than {longest} bytes");
    }
}

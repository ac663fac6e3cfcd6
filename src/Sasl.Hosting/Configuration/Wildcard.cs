using System.IO.Enumeration;

namespace Sasl.Hosting.Configuration;

/// <summary>File names with * and ?, in any component of a path, in the order of their names (glob(7)).</summary>
static class Wildcard
{
    public static bool IsPattern(string path) => path.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>The files that match; a path without wildcards is itself when it exists. Hidden files match only a pattern that begins with a dot.</summary>
    public static IReadOnlyList<string> Files(string path)
    {
        IEnumerable<string> found = ["/"];
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var (part, isLast) = (parts[i], i == parts.Length - 1);
            found = found.SelectMany(directory => Step(directory, part, isLast)).ToList();
        }
        return found.Where(File.Exists).ToList();
    }

    static List<string> Step(string directory, string part, bool isLast)
    {
        if (!IsPattern(part))
            return [Path.GetFullPath(Path.Combine(directory, part))];
        try
        {
            return Directory.EnumerateFileSystemEntries(directory)
                .Where(entry => Matches(part, Path.GetFileName(entry)) && (isLast || Directory.Exists(entry)))
                .Order(StringComparer.Ordinal).ToList();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static bool Matches(string pattern, string name) =>
        (pattern.StartsWith('.') || !name.StartsWith('.')) && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}

using System.Text.RegularExpressions;
using Testing;

namespace Architecture.Tests;

/// <summary>What the documents point at is there.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents =>
        [.. Directory.GetFiles(Binaries.Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Binaries.Root, "docs"), "*.md", SearchOption.AllDirectories)).Select(f => Path.GetRelativePath(Binaries.Root, f))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_files_and_tests_that_a_document_names_exist(string document)
    {
        var text = File.ReadAllText(Path.Combine(Binaries.Root, document));
        var named = Link().Matches(text).Select(m => m.Groups[1].Value).Where(l => !l.Contains("://")).Select(l => Path.Combine(Path.GetDirectoryName(document)!, l))
            .Concat(Quoted().Matches(text).Select(m => m.Groups[1].Value))
            .Select(n => n.Contains(".Tests/", StringComparison.Ordinal) && !n.StartsWith("tests/", StringComparison.Ordinal) ? "tests/" + n : n);
        Assert.True(!named.Any(IsMissing), $"{document}: {string.Join(", ", named.Where(IsMissing))}");
    }

    /// <summary>A file, a folder, a pattern of files, a class, or Class.Test_with_this_name ("…" for the rest of it).</summary>
    static bool IsMissing(string name)
    {
        var path = Path.Combine(Binaries.Root, name.TrimEnd('/'));
        if (File.Exists(path) || Directory.Exists(path) || File.Exists(path + ".cs"))
            return false;
        var (folder, last) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        if (!Directory.Exists(folder))
            return true;
        return !last.Contains('*') && last.Split('.') is [var type, var test]
            ? !File.Exists(Path.Combine(folder, type + ".cs")) || !File.ReadAllText(Path.Combine(folder, type + ".cs")).Contains(test.TrimEnd('…'))
            : Directory.GetFiles(folder, last).Length == 0;
    }

    [GeneratedRegex(@"\]\(([^)#]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:(?:src|tests|conf|scripts)/|[A-Za-z]+\.Tests/)[^\s`]*)`")]
    private static partial Regex Quoted();
}

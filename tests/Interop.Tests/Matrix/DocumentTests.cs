using System.Text.RegularExpressions;
using Testing;

namespace Interop.Tests.Matrix;

public sealed partial class DocumentTests
{
    static readonly string _path = Path.Combine(Binaries.Root, "docs", "interop.md");

    // INTEROP_WRITE=1, as "make interop" sets it, writes the file instead.
    [Fact]
    public async Task The_matrix_in_docs_is_what_this_run_found()
    {
        var text = await Document.WriteAsync();
        if (Environment.GetEnvironmentVariable("INTEROP_WRITE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            await File.WriteAllTextAsync(_path, text);
            return;
        }
        Assert.True(File.Exists(_path) && WithoutVersions(text) == WithoutVersions(await File.ReadAllTextAsync(_path)),
            $"docs/interop.md is out of date: run \"make interop\". This run found:\n{text}");
    }

    /// <summary>A peer's update that changes no cell is no reason to fail.</summary>
    static string WithoutVersions(string text) => Version().Replace(text, "$1");

    [GeneratedRegex(@"^(\| [^|]+ \| (?:client|server) \| )[^|]+", RegexOptions.Multiline)]
    private static partial Regex Version();
}

using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>tests/ATTACKS.md promises a test for each attack class; here the promise is kept.</summary>
public sealed partial class AttackTableTests
{
    static readonly string _tests = Path.Combine(Testing.Binaries.Root, "tests");

    static IEnumerable<string[]> Rows() =>
        File.ReadLines(Path.Combine(_tests, "ATTACKS.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(l => l.Trim('|', ' ').Split(" | "));

    [Fact]
    public void Every_test_that_the_table_names_exists()
    {
        var sources = Directory.GetFiles(_tests, "*Tests.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/")).Select(File.ReadAllText).ToArray();
        var methods = sources.SelectMany(s => Method().Matches(s).Select(m => m.Groups[1].Value)).ToHashSet();
        var targets = File.ReadAllText(Path.Combine(_tests, "Fuzz", "Targets.cs"));
        Assert.Empty(Rows().SelectMany(r => Name().Matches(r[2]).Select(m => m.Groups[1].Value)).Where(n => !(n.StartsWith("fuzz:", StringComparison.Ordinal) ? targets.Contains($"\"{n[5..]}\"") : methods.Contains(n))));
    }

    [Fact]
    public void Every_class_has_a_reference_and_a_test()
    {
        Assert.True(Rows().Count() > 50);
        Assert.Empty(Rows().Where(r => r.Length != 3 || r[1].Trim().Length == 0 || !Name().IsMatch(r[2])).Select(r => r[0]));
    }

    [GeneratedRegex(@"\b(?:Task|void) ([A-Z]\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}

using Testing;

namespace Fuzz.Tests;

/// <summary>Inputs that once broke something: tests/Fuzz/regressions/TARGET/NAME, the bytes as they are.</summary>
public sealed class RegressionTests
{
    static readonly string _directory = Path.Combine(Binaries.Root, "tests", "Fuzz", "regressions");

    public static TheoryData<string> Files => [.. Directory.GetFiles(_directory, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_directory, f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task An_input_that_broke_something_does_so_no_more(string file)
    {
        var target = Targets.Find(Path.GetDirectoryName(file)!);
        Assert.NotNull(target);
        var input = File.ReadAllBytes(Path.Combine(_directory, file));
        Assert.Null(await Task.Run(() => Driver.Once(target, input)).WaitAsync(TimeSpan.FromMinutes(1)));
    }
}

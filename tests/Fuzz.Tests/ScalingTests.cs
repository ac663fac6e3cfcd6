namespace Fuzz.Tests;

public sealed class ScalingTests
{
    public static TheoryData<string> Names => [.. Targets.All.Where(t => t is { IsSlow: false, MostPerByte: > 0 }).Select(t => t.Name)];

    /// <summary>Floods of brackets, quotes, fields, parameters, lines: four times the input is about four times the memory (CVE-2024-23184, CVE-2026-27857, CVE-2026-27859).</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Four_times_the_input_costs_about_four_times_the_memory(string name) => Assert.Empty(Scaling.Allocations(Targets.Find(name)!));
}

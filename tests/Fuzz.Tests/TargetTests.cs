namespace Fuzz.Tests;

public sealed class TargetTests
{
    const int Seed = 20251, Runs = 1200, SlowRuns = 80;

    public static TheoryData<string> Names => [.. Targets.All.Select(t => t.Name)];

    /// <summary>The same inputs on every machine; long runs are for the program (README.md).</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_target_holds_for_its_seeds_and_their_mutations(string name)
    {
        var target = Targets.Find(name)!;
        // A run that does not end fails the test instead of holding up the suite.
        var failure = await Task.Run(() => Driver.Run(target, Seed, 0, target.IsSlow ? SlowRuns : Runs, longest: 4096)).WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(failure is null, failure is null ? "" : $"{failure.Exception}\ninput: {Convert.ToHexString(failure.Input)}");
    }
}

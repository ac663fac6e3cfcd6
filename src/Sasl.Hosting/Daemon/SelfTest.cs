namespace Sasl.Hosting.Daemon;

/// <summary>
/// What every program does for --self-test: proves that the published binary has what it needs (native libraries, tables, crypto)
/// and exits 0, or names what failed and exits 1.
/// </summary>
public static class SelfTest
{
    public static int Run(string program, params ReadOnlySpan<(string Name, Action Check)> checks)
    {
        var failed = 0;
        foreach (var (name, check) in checks)
        {
            try
            {
                check();
                Console.WriteLine($"{program}: {name}: ok");
            }
            catch (Exception failure)
            {
                failed++;
                Console.WriteLine($"{program}: {name}: FAILED: {failure.GetType().Name}: {failure.Message}");
            }
        }
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Fails the check when the condition does not hold.</summary>
    public static void Expect(bool condition, string what)
    {
        if (!condition)
            throw new InvalidOperationException(what);
    }
}

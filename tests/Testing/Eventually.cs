using System.Diagnostics;

namespace Testing;

/// <summary>Waits for a condition with a deadline; never sleeps for luck.</summary>
public static class Eventually
{
    /// <param name="log">What to show when it did not happen.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null, Func<string>? log = null)
    {
        var clock = Stopwatch.StartNew();
        var limit = within ?? TimeSpan.FromSeconds(20);
        while (!await condition())
        {
            if (clock.Elapsed > limit)
                throw new TimeoutException($"did not happen within {limit.TotalSeconds:0} s: {what}\n{log?.Invoke()}");
            await Task.Delay(10);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null, Func<string>? log = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within, log);
}

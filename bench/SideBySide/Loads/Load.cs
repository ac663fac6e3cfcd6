using System.Diagnostics;
using SideBySide.Processes;

namespace SideBySide.Loads;

/// <summary>What one load came to.</summary>
/// <param name="Cpu">What the servers used for it.</param>
sealed record LoadResult(long Operations, TimeSpan Elapsed, TimeSpan Cpu)
{
    public double PerSecond => Operations / Elapsed.TotalSeconds;

    public double CpuMicroseconds => Cpu.TotalMicroseconds / Operations;

    /// <summary>How long nearly all of them took at most, in milliseconds.</summary>
    public double P99 { get; init; }
}

/// <summary>Runs the same thing on some threads: blocking clients, which cost the two contenders' machine the least.</summary>
static class Load
{
    static readonly TimeSpan _warmUp = TimeSpan.FromMilliseconds(200);

    /// <summary>Each client does its operation again and again until the time is over.</summary>
    public static LoadResult ForTime<T>(ProcessTree servers, int clients, TimeSpan duration, Func<int, T> connect, Action<T> operation) where T : IDisposable
    {
        var counts = new long[clients];
        var times = Enumerable.Range(0, clients).Select(_ => new List<long>(1 << 16)).ToArray();
        long warm = 0;
        var (cpu, clock) = (TimeSpan.Zero, new Stopwatch());
        using var begin = new Barrier(clients, _ =>
        {
            cpu = servers.Cpu();
            clock.Start();
        });
        InParallel(clients, i =>
        {
            using var client = connect(i);
            for (var until = Stopwatch.StartNew(); until.Elapsed < _warmUp; Interlocked.Increment(ref warm))
                operation(client);
            begin.SignalAndWait(Patience.Limit);
            for (; clock.Elapsed < duration; counts[i]++)
            {
                var since = Stopwatch.GetTimestamp();
                operation(client);
                times[i].Add(Stopwatch.GetTimestamp() - since);
            }
        });
        clock.Stop();
        var result = new LoadResult(counts.Sum(), clock.Elapsed, servers.Cpu() - cpu);
        var sorted = times.SelectMany(t => t).Order().ToArray();
        return result with { P99 = sorted.Length == 0 ? 0 : sorted[(int)(sorted.Length * 0.99)] * 1000.0 / Stopwatch.Frequency };
    }

    /// <summary>Once, timed.</summary>
    public static LoadResult Once(ProcessTree servers, long operations, Action action)
    {
        var cpu = servers.Cpu();
        var clock = Stopwatch.StartNew();
        action();
        clock.Stop();
        return new(operations, clock.Elapsed, servers.Cpu() - cpu);
    }

    public static void InParallel(int clients, Action<int> body)
    {
        Exception? failure = null;
        var threads = Enumerable.Range(0, clients).Select(i => new Thread(() =>
        {
            try
            {
                body(i);
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        if (failure is not null)
            throw new BenchException($"a client failed: {failure.Message}");
    }
}

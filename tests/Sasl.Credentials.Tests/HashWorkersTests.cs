namespace Sasl.Credentials.Tests;

public sealed class HashWorkersTests
{
    [Fact]
    public async Task Work_never_runs_on_a_pool_thread_and_never_on_more_threads_than_allowed()
    {
        using var workers = new HashWorkers(threads: 2);
        int running = 0, most = 0;
        var tasks = Enumerable.Range(0, 50).Select(_ => workers.TryRun(() =>
        {
            Assert.False(Thread.CurrentThread.IsThreadPoolThread);
            most = Math.Max(most, Interlocked.Increment(ref running));
            Thread.Sleep(1);
            Interlocked.Decrement(ref running);
            return 0;
        })!).ToArray();
        await Task.WhenAll(tasks);
        Assert.InRange(most, 1, 2);
        Assert.InRange(workers.Threads, 1, 2);
    }

    [Fact]
    public async Task A_full_queue_turns_work_away_at_once()
    {
        using var workers = new HashWorkers(threads: 1, queueLimit: 2);
        using var gate = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        var first = workers.TryRun(() => { started.Set(); gate.Wait(); return 1; });
        started.Wait();
        var waiting = new[] { workers.TryRun(() => 2), workers.TryRun(() => 3) };
        Assert.Null(workers.TryRun(() => 4));
        gate.Set();
        Assert.Equal(1, await first!);
        Assert.Equal(new[] { 2, 3 }, await Task.WhenAll(waiting!));
        Assert.Equal(5, await workers.TryRun(() => 5)!);
    }

    [Fact]
    public async Task The_memory_limit_lowers_the_number_of_threads()
    {
        using var workers = new HashWorkers(threads: 64, queueLimit: 64, memoryLimit: 1);
        var tasks = Enumerable.Range(0, 20).Select(i => workers.TryRun(() => i)!).ToArray();
        await Task.WhenAll(tasks);
        Assert.Equal(1, workers.Threads);
    }

    [Fact]
    public async Task Work_that_nobody_waits_for_any_more_is_not_begun()
    {
        using var workers = new HashWorkers(threads: 1);
        using var gate = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var first = workers.TryRun(() => { gate.Wait(); return 1; });
        var ran = false;
        var second = workers.TryRun(() => ran = true, stop.Token);
        await stop.CancelAsync();
        gate.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second!);
        Assert.Equal(1, await first!);
        Assert.False(ran);
    }

    [Fact]
    public async Task A_failure_reaches_the_caller_and_the_thread_lives_on()
    {
        using var workers = new HashWorkers(threads: 1);
        await Assert.ThrowsAsync<InvalidDataException>(() => workers.TryRun<int>(() => throw new InvalidDataException())!);
        Assert.Equal(2, await workers.TryRun(() => 2)!);
    }

    [Fact]
    public void After_the_end_nothing_is_taken()
    {
        var workers = new HashWorkers(threads: 1);
        workers.Dispose();
        Assert.Null(workers.TryRun(() => 1));
    }

    [Fact]
    public async Task Hash_cost_as_a_denial_of_service_no_more_memory_is_under_way_than_the_bound()
    {
        using var workers = new HashWorkers(threads: 8, queueLimit: 1000, memoryLimit: 256 << 20);
        long held = 0, most = 0;
        var tasks = Enumerable.Range(0, 60).Select(i => 64L << 20 << (i % 3 == 0 ? 1 : 0)).Select(memory => workers.TryRun(() =>
        {
            InterlockedMax(ref most, Interlocked.Add(ref held, memory));
            Thread.Sleep(1);
            return Interlocked.Add(ref held, -memory);
        }, memory, default)!).ToArray();
        await Task.WhenAll(tasks);
        Assert.InRange(most, 128L << 20, 256L << 20);
        // More than all there is runs alone, and ends.
        Assert.Equal(1, await workers.TryRun(() => 1, long.MaxValue, default)!);
        Assert.Equal(2, await workers.TryRun(() => 2)!);
    }

    [Fact]
    public async Task Work_that_nobody_waits_for_comes_last_and_one_at_a_time()
    {
        using var workers = new HashWorkers(threads: 2);
        using var gate = new ManualResetEventSlim();
        var order = new System.Collections.Concurrent.ConcurrentQueue<string>();
        int running = 0, most = 0;
        Task<int>[] first = [workers.TryRun(() => { gate.Wait(); return 0; })!, workers.TryRun(() => { gate.Wait(); return 0; })!];
        var background = Enumerable.Range(0, 10).Select(_ => workers.TryRunInBackground(() =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            order.Enqueue("background");
            Thread.Sleep(1);
            return Interlocked.Decrement(ref running);
        })!).ToArray();
        var wanted = Enumerable.Range(0, 10).Select(_ => workers.TryRun(() =>
        {
            order.Enqueue("wanted");
            return 0;
        })!).ToArray();
        gate.Set();
        await Task.WhenAll([.. first, .. background, .. wanted]);
        // A thread may have taken the last that was wanted while the other one went on.
        Assert.All(order.Take(9), w => Assert.Equal("wanted", w));
        Assert.Equal(1, most);
    }

    static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }
}

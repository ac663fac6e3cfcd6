using Sasl.Mechanisms.Gssapi;
using Testing;

namespace Sasl.Mechanisms.Tests.Gssapi;

public sealed class GssThreadsTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Work_runs_on_threads_of_its_own_and_gives_its_result()
    {
        var threads = new GssThreads(2, 10, Soon);
        var name = await threads.TryRun(() => Thread.CurrentThread.Name)!.WaitAsync(Soon);
        Assert.Equal("sasl-gss", name);
    }

    [Fact]
    public async Task As_many_at_a_time_as_there_are_threads_then_a_queue_then_no()
    {
        var threads = new GssThreads(2, 1, Soon);
        using var go = new ManualResetEventSlim();
        using var started = new CountdownEvent(2);
        var work = new List<Task<int>>();
        for (var i = 0; i < 2; i++)
        {
            work.Add(threads.TryRun(() =>
            {
                started.Signal();
                go.Wait();
                return 1;
            })!);
        }
        Assert.True(started.Wait(Soon));
        work.Add(threads.TryRun(() => 1)!);
        Assert.Null(threads.TryRun(() => 1));
        go.Set();
        var results = await Task.WhenAll(work).WaitAsync(Soon);
        Assert.Equal([1, 1, 1], results);
        Assert.Equal(1, await threads.TryRun(() => 1)!.WaitAsync(Soon));
    }

    [Fact]
    public async Task Idle_threads_go_and_come_again()
    {
        var threads = new GssThreads(1, 10, TimeSpan.FromMilliseconds(1));
        var thread = await threads.TryRun(() => Thread.CurrentThread)!.WaitAsync(Soon);
        await Eventually.TrueAsync(() => !thread.IsAlive, "the idle thread ends");
        Assert.NotSame(thread, await threads.TryRun(() => Thread.CurrentThread)!.WaitAsync(Soon));
    }

    [Fact]
    public async Task A_bug_in_the_work_reaches_the_caller_and_the_thread_goes_on()
    {
        var threads = new GssThreads(1, 10, Soon);
        await Assert.ThrowsAsync<InvalidOperationException>(() => threads.TryRun<int>(() => throw new InvalidOperationException())!);
        Assert.Equal(2, await threads.TryRun(() => 2)!.WaitAsync(Soon));
    }

    [Fact]
    public async Task Much_work_from_many_callers_is_all_done()
    {
        var threads = new GssThreads(4, 10_000, TimeSpan.FromMilliseconds(1));
        var results = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => Task.Run(() => threads.TryRun(() => i)!))).WaitAsync(Soon);
        Assert.Equal(Enumerable.Range(0, 2_000), results);
    }
}

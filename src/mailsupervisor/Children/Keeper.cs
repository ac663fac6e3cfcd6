using System.Collections.Concurrent;
using MailSupervisor.House;
using Microsoft.Extensions.Logging;

namespace MailSupervisor.Children;

/// <summary>Keeps one child of the plan running: starts it, serves its channel, and starts it again with back-off when it ends.</summary>
sealed class Keeper(ChildPlan plan, Func<ChildPlan, CancellationToken, Task<Child>> start, Func<Child, Task> serve, TimeProvider time, ILogger log)
{
    readonly TaskCompletionSource _firstReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    ChildPlan _plan = plan;
    readonly ConcurrentDictionary<Child, Task> _alive = new();
    Child? _current;
    volatile bool _ended;

    public string Name => _plan.Name;

    /// <summary>Completes when the child has said READY for the first time.</summary>
    public Task FirstReady => _firstReady.Task;

    /// <summary>Runs until stopped. Failures are logged and tried again; nothing is thrown.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var backoff = new Backoff(time);
        while (!stop.IsCancellationRequested && !_ended)
        {
            try
            {
                var child = await start(_plan, stop);
                backoff.Started();
                Volatile.Write(ref _current, child);
                SupervisorLog.ChildStarted(log, Name, child.Pid);
                if (_ended)
                    await child.DrainAsync();
                _ = child.Ready.ContinueWith(_ => _firstReady.TrySetResult(), stop, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                var status = await ServeAsync(child);
                if (child.IsLeaving)
                {
                    if (_ended)
                        break;
                    continue;
                }
                var wait = backoff.Next();
                SupervisorMetrics.Ended(Name);
                SupervisorLog.ChildEnded(log, Name, child.Pid, status, wait.TotalSeconds);
                await Task.Delay(wait, time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                // Whatever it was, also a fault of our own: a child that nobody keeps any more would be worse than a line in the log.
                var wait = backoff.Next();
                SupervisorMetrics.Ended(Name);
                SupervisorLog.ChildFailed(log, Name, failure.Message, wait.TotalSeconds);
                await Task.WhenAny(Task.Delay(wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait, time, stop));
            }
        }
    }

    /// <summary>
    /// Takes a new plan. When it differs, the running child leaves and the loop starts its successor on the same listening sockets at once:
    /// a front end goes on with the clients that it has, others end.
    /// </summary>
    public async Task ReplaceAsync(ChildPlan plan)
    {
        var isChanged = !plan.IsSameAs(_plan);
        _plan = plan;
        if (isChanged && Volatile.Read(ref _current) is { } child)
            await (plan.MayOverlap ? child.RetireAsync() : child.DrainAsync());
    }

    /// <summary>Drains the child and waits for its end and for those that are still leaving; after the deadline they are killed.</summary>
    public async Task EndAsync(TimeSpan deadline)
    {
        _ended = true;
        foreach (var child in _alive.Keys)
            await child.DrainAsync();
        try
        {
            await Task.WhenAll(_alive.Values).WaitAsync(deadline, time);
        }
        catch (TimeoutException)
        {
            SupervisorLog.Killed(log, Name);
            foreach (var late in _alive.Keys)
                late.Kill();
            await Task.WhenAll(_alive.Values);
        }
    }

    /// <summary>Serves the child's channel. Returns early when it leaves, so that a successor can start while it finishes its work.</summary>
    async Task<int> ServeAsync(Child child)
    {
        var whole = WholeLifeAsync(child);
        _alive[child] = whole;
        _ = whole.ContinueWith(_ => _alive.TryRemove(child, out var _), TaskScheduler.Default);
        return await Task.WhenAny(whole, child.Leaving) == whole ? await whole : 0;
    }

    async Task<int> WholeLifeAsync(Child child)
    {
        try
        {
            await serve(child);
            return await child.WaitAsync();
        }
        finally
        {
            child.Dispose();
        }
    }
}

using MailSupervisor.House;
using Microsoft.Extensions.Logging;

namespace MailSupervisor.Children;

/// <summary>Keeps one child of the plan running: starts it, serves its channel, and starts it again with back-off when it ends.</summary>
sealed class Keeper(ChildPlan plan, Func<ChildPlan, CancellationToken, Task<Child>> start, Func<Child, Task> serve, TimeProvider time, ILogger log)
{
    readonly TaskCompletionSource _firstReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    ChildPlan _plan = plan;
    Child? _current;
    Task _leaving = Task.CompletedTask;
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
                _ = child.Ready.ContinueWith(_ => _firstReady.TrySetResult(), stop, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                var status = await ServeAsync(child);
                if (child.IsDraining)
                {
                    if (_ended)
                        break;
                    continue;
                }
                var wait = backoff.Next();
                SupervisorLog.ChildEnded(log, Name, child.Pid, status, wait.TotalSeconds);
                await Task.Delay(wait, time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure) when (failure is IOException or System.ComponentModel.Win32Exception or UnauthorizedAccessException or OperationCanceledException)
            {
                var wait = backoff.Next();
                SupervisorLog.ChildFailed(log, Name, failure.Message, wait.TotalSeconds);
                await Task.WhenAny(Task.Delay(wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait, time, stop));
            }
        }
    }

    /// <summary>Takes a new plan: the running child drains, and the loop starts its successor on the same listening sockets at once.</summary>
    public async Task ReplaceAsync(ChildPlan plan)
    {
        _plan = plan;
        if (Volatile.Read(ref _current) is { } child)
            await child.DrainAsync();
    }

    /// <summary>Drains the child and waits for its end; after the deadline it is killed.</summary>
    public async Task EndAsync(TimeSpan deadline)
    {
        _ended = true;
        if (Volatile.Read(ref _current) is not { } child)
            return;
        await child.DrainAsync();
        try
        {
            await child.WaitAsync().WaitAsync(deadline, time);
        }
        catch (TimeoutException)
        {
            SupervisorLog.Killed(log, Name);
            child.Kill();
        }
        catch (InvalidOperationException)
        {
            // Ended and disposed already.
        }
        await _leaving;
    }

    /// <summary>Serves the child's channel. Returns early when it drains, so that a successor can start while it finishes its work.</summary>
    async Task<int> ServeAsync(Child child)
    {
        var whole = WholeLifeAsync(child);
        if (await Task.WhenAny(whole, child.Draining) == whole)
            return await whole;
        _leaving = whole;
        return 0;
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

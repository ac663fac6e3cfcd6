// The supervisor: root, and small.
//
// Invariants (architecture.md):
//  1. No network protocol is spoken here: listening sockets are bound and passed, never accepted from. The one socket that is accepted
//     from tells metrics to the supervisor's own user and reads nothing.
//  2. A front end never names a user: a hand-off is a reference that the auth server confirms, once, for that front end's pid.
//  3. A child is served only after SO_PEERCRED has shown the pid that was started and the uid that was wanted (Child.StartAsync).
//  4. A uid below first_valid_uid is refused, whatever the auth server says.
//  5. A worker never learns whether its stream is the client's socket or a relay.
using MailSupervisor.Children;
using MailSupervisor.House;
using MailSupervisor.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Metrics;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Supervision;

namespace MailSupervisor;

/// <summary>Starts, watches and restarts the children, and passes streams to the workers.</summary>
sealed class Supervisor : IDisposable
{
    static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(20), IdleWorker = TimeSpan.FromSeconds(60);

    readonly string _binaries, _runtime;
    readonly LogTarget _target;
    readonly ILogger _log;
    readonly TimeProvider _time;
    readonly ListenerTable _listeners = new();
    readonly WorkerTable _workers;
    readonly Handlers _handlers;
    readonly CancellationTokenSource _stop = new();
    readonly InstrumentSums _sums = new();
    List<(Keeper Keeper, Task Running)> _keepers = [];
    HousePlan _plan;

    public Supervisor(HousePlan plan, string binaries, LogTarget target, IUserDirectory users, TimeProvider time, ILogger log)
    {
        (_plan, _binaries, _target, _log, _time) = (plan, binaries, target, log, time);
        _runtime = Path.Combine(plan.RuntimeDirectory, "supervisor");
        _workers = new WorkerTable(StartWorkerAsync, time);
        _handlers = new Handlers(users, _workers, () => _plan, log);
    }

    /// <summary>Binds everything and starts the children in the order of the plan, each after the one before it is ready.</summary>
    public async Task StartAsync()
    {
        if (_plan.Metrics is { } metrics)
        {
            HouseDirectories.Prepare(_plan);
            _ = MetricsServer.RunAsync(_listeners.Bind(metrics), _sums, _stop.Token);
        }
        await ReloadAsync(_plan);
        _ = EndIdleWorkersAsync();
    }

    /// <summary>Takes a new, accepted configuration: children whose plan has changed are replaced, on the same listening sockets.</summary>
    public async Task ReloadAsync(HousePlan plan)
    {
        _plan = plan;
        HouseDirectories.Prepare(plan);
        Directory.CreateDirectory(_runtime);
        Files.ChangeMode(_runtime, 0x1C9);
        foreach (var listener in plan.Listeners)
            _listeners.Bind(listener);
        var kept = new List<(Keeper, Task)>();
        foreach (var (keeper, running) in _keepers)
        {
            if (plan.Children.FirstOrDefault(c => c.Name == keeper.Name) is { } successor)
            {
                await keeper.ReplaceAsync(successor);
                kept.Add((keeper, running));
            }
            else
            {
                await keeper.EndAsync(DrainDeadline);
            }
        }
        _keepers = kept;
        foreach (var added in plan.Children.Where(c => kept.TrueForAll(k => k.Item1.Name != c.Name)))
            await KeepAsync(added);
        _listeners.Keep(plan.Listeners);
        await _workers.EndIdleAsync(TimeSpan.Zero);
    }

    /// <summary>
    /// Everybody at once but the auth server: a worker's session ends with a word to the client, and the front end that relays it sees
    /// that end. A delivery that is cut off stays in the queue. The auth server, which all of them ask, goes last.
    /// </summary>
    public async Task StopAsync()
    {
        SupervisorLog.Stopping(_log);
        await _stop.CancelAsync();
        var ends = _keepers.Where(k => k.Keeper.Name != HousePlan.AuthServer).Select(k => k.Keeper.EndAsync(DrainDeadline));
        await Task.WhenAll([.. ends, _workers.EndAllAsync(DrainDeadline)]);
        foreach (var (keeper, _) in _keepers.Where(k => k.Keeper.Name == HousePlan.AuthServer))
            await keeper.EndAsync(DrainDeadline);
        await Task.WhenAll(_keepers.Select(k => k.Running));
    }

    public void Dispose()
    {
        _listeners.Dispose();
        _sums.Dispose();
        _stop.Dispose();
    }

    async Task KeepAsync(ChildPlan plan)
    {
        var keeper = new Keeper(plan, StartChildAsync, ServeAsync, _time, _log);
        _keepers.Add((keeper, keeper.RunAsync(_stop.Token)));
        await keeper.FirstReady.WaitAsync(TimeSpan.FromSeconds(60), _time, _stop.Token);
    }

    Task<Child> StartChildAsync(ChildPlan plan, CancellationToken stop) =>
        Child.StartAsync(plan, _binaries, _runtime, _target, _listeners.Bind, stop);

    async Task<Child> StartWorkerAsync(HouseIdentity identity, CancellationToken stop)
    {
        var plan = _plan.Worker with { Name = $"worker {identity.Name}", Identity = identity };
        var child = await StartChildAsync(plan, stop);
        SupervisorMetrics.Workers.Add(1);
        _ = Task.Run(async () =>
        {
            try
            {
                await ServeAsync(child);
                _workers.Forget(child);
                var status = await child.WaitAsync();
                if (status != 0 && !child.IsLeaving)
                {
                    SupervisorMetrics.Ended("worker");
                    SupervisorLog.ChildEnded(_log, plan.Name, child.Pid, status, 0);
                }
            }
            finally
            {
                SupervisorMetrics.Workers.Add(-1);
                child.Dispose();
            }
        }, CancellationToken.None);
        await child.Ready.WaitAsync(TimeSpan.FromSeconds(20), _time, stop);
        return child;
    }

    /// <summary>Answers one child's frames until it goes.</summary>
    async Task ServeAsync(Child child)
    {
        while (await ReceiveAsync(child) is var (fields, descriptor))
        {
            if (fields is [Verb.Ready])
                child.SetReady();
            else if (child.BeginRequest())
                _ = _handlers.HandleAsync(child, fields, descriptor, _stop.Token);
            else
                descriptor?.Dispose();
        }
    }

    async ValueTask<(string[] Fields, SafeFileHandle? Descriptor)?> ReceiveAsync(Child child)
    {
        try
        {
            return await child.ReceiveAsync();
        }
        catch (InvalidDataException malformed)
        {
            SupervisorLog.BadFrame(_log, child.Plan.Name, malformed.Message);
            child.Kill();
            return null;
        }
    }

    async Task EndIdleWorkersAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(15), _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                await _workers.EndIdleAsync(IdleWorker);
        }
        catch (OperationCanceledException)
        {
            // The house stops; StopAsync ends the workers.
        }
    }
}

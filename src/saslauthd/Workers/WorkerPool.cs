using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Hosting.Net;

namespace Saslauthd.Workers;

/// <summary>
/// The workers of one mechanism: as many as are needed, no more than the plan allows, each replaced when it ends, hangs or has served enough. A query
/// gets a free worker at once, waits in a fair line, or is turned away when its time is over.
/// </summary>
sealed class WorkerPool : IPasswordSource, IDisposable
{
    static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60), FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(5);

    const int HopelessFailures = 3;

    readonly WorkerPlan _plan;
    readonly EventLoop _loop;
    readonly ILogger _log;
    readonly Timer _sweep;
    readonly FairQueue<TaskCompletionSource<Worker>> _waiting = new();
    /// <summary>Free places, the one used last on top: its process is warm. A worker with several is there several times.</summary>
    readonly Stack<Worker> _free = new();
    readonly List<Worker> _workers = [];
    readonly Lock _gate = new();
    int _starting;
    TimeSpan _pause;
    /// <summary>Starts that have failed in a row, and why the last one did.</summary>
    int _failures;
    string _problem = "";
    bool _isLeaving;

    public WorkerPool(WorkerPlan plan, EventLoop loop, ILogger log)
    {
        (_plan, _loop, _log) = (plan, loop, log);
        _sweep = new(_ => Sweep(), null, IdleTime, IdleTime);
    }

    public string Name => _plan.Mechanism.Name;

    public SourceState State => _plan.State();

    /// <summary>Processes, free places and those who wait, for the statistics.</summary>
    public (int Workers, int Free, int Waiting) Counts
    {
        get
        {
            lock (_gate)
                return (_workers.Count, _free.Count, _waiting.Count);
        }
    }

    /// <summary>The first worker. IOException with the reason when the mechanism cannot be made.</summary>
    public async Task StartAsync()
    {
        var worker = await Worker.StartAsync(_plan, _loop);
        lock (_gate)
            Admit(worker);
    }

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop)
    {
        while (true)
        {
            var (worker, refusal) = await TakeAsync(query, stop);
            if (worker is null)
                return refusal;
            query.Explanation?.Add($"{Name}: asking worker process {worker.Pid}");
            var verdict = await worker.AskAsync(query);
            Release(worker);
            if (verdict is { } answered)
                return answered;
        }
    }

    /// <summary>Nobody new comes. Who is here or waits is still served; then the workers end.</summary>
    public void Dispose()
    {
        Worker[] workers;
        lock (_gate)
        {
            _isLeaving = true;
            // Those that are at work leave when there is nothing more to do.
            workers = [.. _workers.Where(w => w.Taken == 0)];
            _free.Clear();
        }
        _sweep.Dispose();
        foreach (var worker in workers)
            worker.Retire();
    }

    /// <summary>A worker with a place for one query, or why there is none.</summary>
    async ValueTask<(Worker? Worker, Verdict Refusal)> TakeAsync(PasswordQuery query, CancellationToken stop)
    {
        LinkedListNode<TaskCompletionSource<Worker>> place;
        lock (_gate)
        {
            if (TryTakeFree(out var free))
                return (free, default);
            if (IsHopeless)
                return (null, new(VerdictKind.Unavailable, _problem));
            place = _waiting.Enqueue(query.Asker ?? 0, new(TaskCreationOptions.RunContinuationsAsynchronously));
            StartAnother();
        }
        return await WaitAsync(place, stop);
    }

    async ValueTask<(Worker? Worker, Verdict Refusal)> WaitAsync(LinkedListNode<TaskCompletionSource<Worker>> place, CancellationToken stop)
    {
        try
        {
            return (await place.Value.Task.WaitAsync(_plan.Limit, stop), default);
        }
        catch (IOException noWorker)
        {
            return (null, new(VerdictKind.Unavailable, noWorker.Message));
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            bool isStillThere;
            lock (_gate)
                isStillThere = _waiting.Remove(place);
            if (!isStillThere)
                await GiveBackAsync(place.Value.Task);
            stop.ThrowIfCancellationRequested();
            return (null, Verdict.Overloaded);
        }
    }

    /// <summary>It was given a worker in the very moment in which it gave up: the next one shall have it.</summary>
    async Task GiveBackAsync(Task<Worker> given)
    {
        try
        {
            Release(await given);
        }
        catch (IOException)
        {
            // None could be started: there is nothing to give back.
        }
    }

    bool TryTakeFree(out Worker? worker)
    {
        while (_free.TryPop(out worker))
        {
            if (worker.HasEnded)
                continue;
            worker.Taken++;
            return true;
        }
        return false;
    }

    void Release(Worker worker)
    {
        TaskCompletionSource<Worker>? next = null;
        bool isDone;
        lock (_gate)
        {
            worker.Taken--;
            if (worker.HasEnded)
                return;
            _pause = TimeSpan.Zero;
            var leaves = worker.Served >= _plan.Mechanism.QueriesPerProcess || (_isLeaving && _waiting.Count == 0);
            if (leaves && _workers.Remove(worker))
                Replace();
            else if (!leaves && (next = _waiting.Dequeue()) is null)
                _free.Push(worker);
            if (next is not null)
                worker.Taken++;
            isDone = leaves && worker.Taken == 0;
        }
        if (isDone)
            worker.Retire();
        next?.SetResult(worker);
    }

    void Admit(Worker worker)
    {
        _workers.Add(worker);
        worker.IsAdmitted = true;
        _failures = 0;
        worker.Ended += Ended;
        for (var i = 0; i < _plan.Mechanism.Slots; i++)
        {
            if (_waiting.Dequeue() is not { } waiting)
            {
                _free.Push(worker);
                continue;
            }
            worker.Taken++;
            waiting.SetResult(worker);
        }
        // It may have ended before anybody listened: then nobody else will say so.
        if (worker.HasEnded)
            Ended(worker);
    }

    void Ended(Worker worker)
    {
        bool isUnexpected;
        lock (_gate)
        {
            isUnexpected = _workers.Remove(worker);
            // One that never answered anything may be the first of many.
            if (isUnexpected && worker.Served == 0)
                _pause = Longer(_pause);
            if (isUnexpected)
                Replace();
        }
        if (isUnexpected)
            _log.WorkerEnded(Name, worker.Pid, worker.Reason);
        worker.Dispose();
    }

    /// <summary>There is always one, and as many as those who wait need.</summary>
    void Replace()
    {
        if (_waiting.Count > 0 || (_workers.Count == 0 && !_isLeaving))
            StartAnother();
    }

    void StartAnother()
    {
        if (_workers.Count + _starting >= _plan.Processes)
            return;
        _starting++;
        _ = StartOneAsync();
    }

    async Task StartOneAsync()
    {
        await Task.Yield();
        Worker? worker = null;
        string? problem = null;
        try
        {
            if (_pause > TimeSpan.Zero)
                await Task.Delay(_pause);
            worker = await Worker.StartAsync(_plan, _loop);
        }
        catch (Exception failure)
        {
            // Whatever it was: the next attempt must not be waiting for this one.
            problem = failure.Message;
        }
        var turnedAway = new List<TaskCompletionSource<Worker>>();
        lock (_gate)
        {
            _starting--;
            if (worker is not null && (!_isLeaving || _waiting.Count > 0))
                Admit(worker);
            else if (problem is not null)
            {
                (_problem, _pause, _failures) = (problem, Longer(_pause), _failures + 1);
                while (IsHopeless && _waiting.Dequeue() is { } waiting)
                    turnedAway.Add(waiting);
                // On and on, with pauses: the cause may go (a full process table, a missing library that is being upgraded).
                Replace();
            }
        }
        if (problem is not null)
            _log.WorkerNotStarted(Name, problem);
        if (worker?.IsAdmitted == false)
            worker.Retire();
        foreach (var waiting in turnedAway)
            waiting.SetException(new IOException(problem));
    }

    /// <summary>There is no worker and there will not be one soon: nobody shall wait for it. A single failure may be over at the next attempt.</summary>
    bool IsHopeless => _workers.Count == 0 && _failures >= HopelessFailures;

    static TimeSpan Longer(TimeSpan pause) => pause == TimeSpan.Zero ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;

    /// <summary>Workers that have had nothing to do for a while go, but for the last one.</summary>
    void Sweep()
    {
        var idle = new List<Worker>();
        lock (_gate)
        {
            foreach (var worker in _workers.Where(w => w.Taken == 0 && Stopwatch.GetElapsedTime(w.IdleSince) > IdleTime).Take(_workers.Count - 1))
                idle.Add(worker);
            foreach (var worker in idle)
                _workers.Remove(worker);
            if (idle.Count > 0)
            {
                var rest = _free.Where(w => !idle.Contains(w)).Reverse().ToArray();
                _free.Clear();
                foreach (var worker in rest)
                    _free.Push(worker);
            }
        }
        foreach (var worker in idle)
            worker.Retire();
    }
}

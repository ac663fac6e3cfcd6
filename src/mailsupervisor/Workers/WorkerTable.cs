// Invariants:
//  * One worker per uid; it is told streams only over the channel whose SO_PEERCRED showed that uid.
//  * A uid below first_valid_uid, and root, gets no worker, whatever anybody says.
//  * The lock guards the table only; no I/O happens under it.
using MailSupervisor.Children;
using MailSupervisor.House;
using System.Runtime.InteropServices;
using Sasl.Protocols.Supervision;

namespace MailSupervisor.Workers;

/// <summary>The mailbox workers by uid: started at first need, ended when idle.</summary>
sealed class WorkerTable(Func<HouseIdentity, CancellationToken, Task<Child>> start, TimeProvider time)
{
    readonly Dictionary<uint, Task<Worker>> _workers = [];
    readonly Lock _gate = new();

    public int Count
    {
        get
        {
            lock (_gate)
                return _workers.Count;
        }
    }

    /// <summary>Gives a stream to the worker of that uid. Throws IOException when no worker can be had.</summary>
    public async Task<int> AttachAsync(uint uid, uint gid, Attachment attachment, SafeHandle stream, CancellationToken stop)
    {
        for (var attempt = 0; ; attempt++)
        {
            var worker = await FindAsync(uid, gid, stop);
            lock (_gate)
            {
                worker.Sent++;
                worker.IdleSince = null;
            }
            try
            {
                await worker.Child.SendAsync(attachment.ToFields(), stream);
                return worker.Child.Pid;
            }
            catch (Sasl.Hosting.Unix.UnixException) when (attempt == 0)
            {
                // The worker ended between look-up and send: take a fresh one.
                Forget(worker.Child);
            }
        }
    }

    /// <summary>A worker says how many streams it still serves, and how many it has received: one on its way keeps it from being idle.</summary>
    public void Detached(Child child, int stillServed, long received)
    {
        lock (_gate)
        {
            foreach (var worker in Running(child))
                worker.IdleSince = stillServed == 0 && received == worker.Sent ? time.GetTimestamp() : null;
        }
    }

    public void Forget(Child child)
    {
        lock (_gate)
        {
            foreach (var (uid, task) in _workers.Where(w => w.Value.IsCompleted && (!w.Value.IsCompletedSuccessfully || w.Value.Result.Child == child)).ToArray())
                _workers.Remove(uid);
        }
    }

    /// <summary>Drains workers that have served nobody for that long. They leave the table first, so nobody attaches to them any more.</summary>
    public async Task EndIdleAsync(TimeSpan idle)
    {
        List<Worker> done = [];
        lock (_gate)
        {
            foreach (var (uid, task) in _workers.ToArray())
            {
                if (task.IsCompletedSuccessfully && task.Result.IdleSince is { } since && time.GetElapsedTime(since) >= idle)
                {
                    _workers.Remove(uid);
                    done.Add(task.Result);
                }
            }
        }
        foreach (var worker in done)
            await worker.Child.DrainAsync();
    }

    /// <summary>The house stops: drains every worker, and kills those that do not end in time.</summary>
    public async Task EndAllAsync(TimeSpan deadline)
    {
        Task<Worker>[] all;
        lock (_gate)
        {
            all = [.. _workers.Values.Where(t => t.IsCompletedSuccessfully)];
            _workers.Clear();
        }
        await Task.WhenAll(all.Select(async task =>
        {
            var child = (await task).Child;
            await child.DrainAsync();
            try
            {
                await child.WaitAsync().WaitAsync(deadline, time);
            }
            catch (TimeoutException)
            {
                child.Kill();
            }
            catch (InvalidOperationException)
            {
                // Ended and disposed already.
            }
        }));
    }

    async Task<Worker> FindAsync(uint uid, uint gid, CancellationToken stop)
    {
        Task<Worker>? task;
        lock (_gate)
        {
            if (!_workers.TryGetValue(uid, out task) || task.IsFaulted || task.IsCanceled)
                _workers[uid] = task = StartAsync(uid, gid, stop);
        }
        return await task;
    }

    async Task<Worker> StartAsync(uint uid, uint gid, CancellationToken stop)
    {
        await Task.Yield();
        return new Worker(await start(HouseIdentity.OfMailbox(uid, gid), stop));
    }

    IEnumerable<Worker> Running(Child child) =>
        _workers.Values.Where(t => t.IsCompletedSuccessfully && t.Result.Child == child).Select(t => t.Result);
}

// One thread gathers everything that waits to be durable and makes it so in one round:
//
//   writers ──► waiting list ──► [ fsync of every file, side by side ] ──► renames ──► one fsync of the directory ──► all are told
//
// The kernel joins fsyncs that run at the same time into one journal transaction, and the directory is synced once a round. While a
// round runs, the next one gathers: the slower the disk, the larger the rounds, so throughput does not fall to one message per sync.
//
// Monitor.Wait, and not a BlockingCollection: helpers need not exist before there is work for them, so an idle queue has one thread here.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailServers.Queue.Store;

/// <summary>Makes files durable for many writers at once. Blocking calls run on threads of its own.</summary>
sealed class GroupCommit : IDisposable
{
    const int LargestRound = 512;

    sealed record Request(SafeFileHandle File, Action? Publish, TaskCompletionSource Done)
    {
        public Exception? Failure { get; set; }
    }

    readonly object _gate = new(), _syncGate = new(), _syncedGate = new();
    readonly Queue<Request> _waiting = new(), _toSync = new();
    readonly SafeHandle _directory;
    readonly Thread _commit;
    readonly List<Thread> _helpers = [];
    readonly int _mostHelpers;
    int _unsynced;
    bool _ending, _helpersEnd;

    public GroupCommit(SafeHandle directory, int syncThreads = 16)
    {
        (_directory, _mostHelpers) = (directory, syncThreads - 1);
        _commit = new Thread(Rounds) { IsBackground = true, Name = "commit" };
        _commit.Start();
    }

    /// <summary>Rounds so far: the figure that shows how well syncs are shared.</summary>
    public long RoundCount { get; private set; }

    /// <summary>
    /// Completes when the file's content, and what <paramref name="publish"/> did to the directory, are on disk.
    /// Throws IOException when they are not.
    /// </summary>
    public Task CommitAsync(SafeFileHandle file, Action? publish)
    {
        var request = new Request(file, publish, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ending, this);
            _waiting.Enqueue(request);
            Monitor.Pulse(_gate);
        }
        return request.Done.Task;
    }

    /// <summary>What waits is still committed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ending = true;
            Monitor.PulseAll(_gate);
        }
        _commit.Join();
        lock (_syncGate)
        {
            _helpersEnd = true;
            Monitor.PulseAll(_syncGate);
        }
        _helpers.ForEach(h => h.Join());
    }

    void Rounds()
    {
        var round = new List<Request>();
        while (Gather(round))
        {
            RoundCount++;
            Run(round);
        }
    }

    /// <summary>Waits for the next round's requests. False when there will be none.</summary>
    bool Gather(List<Request> round)
    {
        round.Clear();
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_ending)
                Monitor.Wait(_gate);
            while (round.Count < LargestRound && _waiting.TryDequeue(out var next))
                round.Add(next);
        }
        return round.Count > 0;
    }

    void Run(List<Request> round)
    {
        SyncAll(round);
        foreach (var request in round.Where(r => r.Failure is null))
            Attempt(request, () => request.Publish?.Invoke());
        Exception? failure = null;
        try
        {
            Files.Sync(_directory);
        }
        catch (IOException trouble)
        {
            failure = trouble;
        }
        foreach (var request in round)
        {
            if ((request.Failure ?? failure) is { } trouble)
                request.Done.SetException(trouble);
            else
                request.Done.SetResult();
        }
    }

    /// <summary>The commit thread syncs too: a round of one needs no helper.</summary>
    void SyncAll(List<Request> round)
    {
        lock (_syncGate)
        {
            round.ForEach(_toSync.Enqueue);
            _unsynced = round.Count;
            for (var needed = Math.Min(round.Count - 1, _mostHelpers); _helpers.Count < needed;)
                _helpers.Add(StartHelper());
            for (var i = 1; i < round.Count; i++)
                Monitor.Pulse(_syncGate);
        }
        while (TryTake(out var request))
            Sync(request);
        lock (_syncedGate)
        {
            while (Volatile.Read(ref _unsynced) > 0)
                Monitor.Wait(_syncedGate);
        }
    }

    /// <summary>Helpers come with the first round that is large enough: an idle queue has none.</summary>
    Thread StartHelper()
    {
        var helper = new Thread(Help, 256 * 1024) { IsBackground = true, Name = $"sync {_helpers.Count}" };
        helper.Start();
        return helper;
    }

    void Help()
    {
        while (true)
        {
            lock (_syncGate)
            {
                while (_toSync.Count == 0 && !_helpersEnd)
                    Monitor.Wait(_syncGate);
                if (_helpersEnd)
                    return;
            }
            if (TryTake(out var request))
                Sync(request);
        }
    }

    bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Request? request)
    {
        lock (_syncGate)
            return _toSync.TryDequeue(out request);
    }

    void Sync(Request request)
    {
        Attempt(request, () => Files.SyncData(request.File));
        if (Interlocked.Decrement(ref _unsynced) > 0)
            return;
        lock (_syncedGate)
            Monitor.Pulse(_syncedGate);
    }

    static void Attempt(Request request, Action action)
    {
        try
        {
            action();
        }
        catch (Exception trouble)
        {
            request.Failure = trouble as IOException ?? new IOException(trouble.Message, trouble);
        }
    }
}

// One thread gathers everything that waits to be durable and makes it so in one round:
//
//   writers ──► waiting list ──► [ fsync of every file, side by side ] ──► renames ──► one fsync of the directory ──► all are told
//
// The kernel joins fsyncs that run at the same time into one journal transaction, and the directory is synced once a round. While a
// round runs, the next one gathers: the slower the disk, the larger the rounds, so throughput does not fall to one message per sync.
using System.Collections.Concurrent;
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

    readonly BlockingCollection<Request> _waiting = [];
    readonly BlockingCollection<(Request Request, CountdownEvent Round)> _toSync = [];
    readonly SafeHandle _directory;
    readonly Thread[] _threads;

    public GroupCommit(SafeHandle directory, int syncThreads = 16)
    {
        _directory = directory;
        _threads = [new Thread(Rounds) { IsBackground = true, Name = "commit" },
            .. Enumerable.Range(0, syncThreads).Select(i => new Thread(Syncs, 256 * 1024) { IsBackground = true, Name = $"sync {i}" })];
        foreach (var thread in _threads)
            thread.Start();
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
        _waiting.Add(request);
        return request.Done.Task;
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        _threads[0].Join();
        _toSync.CompleteAdding();
        foreach (var thread in _threads)
            thread.Join();
    }

    void Rounds()
    {
        var round = new List<Request>();
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            round.Clear();
            round.Add(first);
            while (round.Count < LargestRound && _waiting.TryTake(out var next))
                round.Add(next);
            RoundCount++;
            Run(round);
        }
    }

    void Run(List<Request> round)
    {
        using (var pending = new CountdownEvent(round.Count))
        {
            foreach (var request in round)
                _toSync.Add((request, pending));
            pending.Wait();
        }
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

    void Syncs()
    {
        foreach (var (request, round) in _toSync.GetConsumingEnumerable())
        {
            Attempt(request, () => Files.SyncData(request.File));
            round.Signal();
        }
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

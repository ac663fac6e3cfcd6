using System.Collections.Concurrent;

namespace Sasl.Credentials;

/// <summary>
/// The dedicated threads on which passwords are hashed and NSS is asked: such calls block for up to seconds and would starve the pool.
/// Threads, queue and memory are bounded; when the queue is full the work is turned away at once instead of answered too late.
/// </summary>
public sealed class HashWorkers : IDisposable
{
    /// <summary>What one yescrypt hash of the usual cost ($y$j9T) holds while it is computed.</summary>
    const long MemoryPerHash = 16L << 20;

    readonly BlockingCollection<Action> _queue;
    readonly int _limit;
    readonly bool _inline;
    int _threads, _idle;

    /// <param name="threads">At most this many hashes at once; 0 for one per core.</param>
    /// <param name="queueLimit">At most this many waiting.</param>
    /// <param name="memoryLimit">Bytes that all hashes together may hold; lowers the number of threads.</param>
    public HashWorkers(int threads = 0, int queueLimit = 256, long memoryLimit = 512L << 20)
    {
        _limit = (int)Math.Clamp(threads > 0 ? threads : Environment.ProcessorCount, 1, Math.Max(1, memoryLimit / MemoryPerHash));
        _queue = new(new ConcurrentQueue<Action>(), queueLimit);
    }

    HashWorkers(bool inline) => (_queue, _inline) = (new(1), inline);

    /// <summary>For a process that does one thing at a time: the work is done on the caller's own thread.</summary>
    public static HashWorkers Inline { get; } = new(inline: true);

    /// <summary>Threads that exist now.</summary>
    public int Threads => Math.Min(Volatile.Read(ref _threads), _limit);

    /// <summary>Runs the work on a hashing thread. Null at once when too much is waiting; cancelled when told so before it began.</summary>
    public Task<T>? TryRun<T>(Func<T> work, CancellationToken stop = default)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Item()
        {
            if (stop.IsCancellationRequested)
            {
                done.SetCanceled(stop);
                return;
            }
            try
            {
                done.SetResult(work());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }
        if (_inline)
        {
            Item();
            return done.Task;
        }
        if (!TryAdd(Item))
            return null;
        StartThread();
        return done.Task;
    }

    /// <summary>What waits is still done; nothing new is taken.</summary>
    public void Dispose() => _queue.CompleteAdding();

    bool TryAdd(Action item)
    {
        try
        {
            return _queue.TryAdd(item);
        }
        catch (InvalidOperationException)
        {
            // Disposed meanwhile: the process is ending.
            return false;
        }
    }

    /// <summary>Threads come when they are first needed: an idle daemon has none.</summary>
    void StartThread()
    {
        if (Volatile.Read(ref _idle) > _queue.Count)
            return;
        if (Interlocked.Increment(ref _threads) > _limit)
        {
            Interlocked.Decrement(ref _threads);
            return;
        }
        new Thread(Work, 1 << 20) { IsBackground = true, Name = "hash" }.Start();
    }

    void Work()
    {
        while (true)
        {
            Interlocked.Increment(ref _idle);
            var taken = _queue.TryTake(out var item, Timeout.Infinite);
            Interlocked.Decrement(ref _idle);
            if (!taken)
                return;
            item!();
        }
    }
}

// Invariants of this file:
//  * Never more threads than the limit, never more waiting than the queue takes, never more memory under way than the bound.
//  * Work that nobody waits for runs only when nothing else waits, and one at a time.
namespace Sasl.Credentials;

/// <summary>
/// The dedicated threads on which passwords are hashed and NSS is asked: such calls block for up to seconds and would starve the pool.
/// Threads, queue and memory are bounded; when the queue is full the work is turned away at once instead of answered too late.
/// </summary>
public sealed class HashWorkers : IDisposable
{
    /// <summary>What one yescrypt hash of the usual cost ($y$j9T) holds while it is computed.</summary>
    const long MemoryPerHash = 16L << 20;

    readonly object _gate = new();
    readonly Queue<(Action Work, long Memory)> _queue = new(), _background = new();
    readonly int _limit, _queueLimit;
    readonly long _memoryLimit;
    readonly bool _inline;
    int _threads, _idle;
    long _memory;
    bool _isBackgroundRunning, _hasEnded;

    /// <param name="threads">At most this many hashes at once; 0 for one per core.</param>
    /// <param name="queueLimit">At most this many waiting.</param>
    /// <param name="memoryLimit">Bytes that all hashes together may hold; lowers the number of threads.</param>
    public HashWorkers(int threads = 0, int queueLimit = 256, long memoryLimit = 512L << 20) =>
        (_limit, _queueLimit, _memoryLimit) = ((int)Math.Clamp(threads > 0 ? threads : Environment.ProcessorCount, 1, Math.Max(1, memoryLimit / MemoryPerHash)), queueLimit, memoryLimit);

    HashWorkers(bool inline) => (_limit, _queueLimit, _memoryLimit, _inline) = (0, 0, long.MaxValue, inline);

    /// <summary>For a process that does one thing at a time: the work is done on the caller's own thread.</summary>
    public static HashWorkers Inline { get; } = new(inline: true);

    /// <summary>Threads that exist now.</summary>
    public int Threads => Volatile.Read(ref _threads);

    /// <summary>Runs the work on a hashing thread. Null at once when too much is waiting; cancelled when told so before it began.</summary>
    /// <param name="memory">Bytes that it holds, where they are many: it begins when they are free. More than all there is counts as all.</param>
    public Task<T>? TryRun<T>(Func<T> work, long memory, CancellationToken stop) => TryRun(work, _queue, _queueLimit, memory, stop);

    /// <summary>The same for work that holds little.</summary>
    public Task<T>? TryRun<T>(Func<T> work, CancellationToken stop = default) => TryRun(work, 0, stop);

    /// <summary>Runs work that nobody waits for, when nothing else is to be done. Null when too much of that kind is waiting.</summary>
    public Task<T>? TryRunInBackground<T>(Func<T> work, long memory = 0, CancellationToken stop = default) => TryRun(work, _background, _queueLimit, memory, stop);

    Task<T>? TryRun<T>(Func<T> work, Queue<(Action, long)> queue, int most, long memory, CancellationToken stop)
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
        lock (_gate)
        {
            if (_hasEnded || queue.Count >= most)
                return null;
            queue.Enqueue((Item, Math.Min(memory, _memoryLimit)));
            // Threads come when they are first needed: an idle daemon has none.
            if (_idle < _queue.Count + _background.Count && _threads < _limit)
            {
                _threads++;
                new Thread(Work, 1 << 20) { IsBackground = true, Name = "hash" }.Start();
            }
            else
            {
                Monitor.Pulse(_gate);
            }
        }
        return done.Task;
    }

    /// <summary>What waits is still done; nothing new is taken.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _hasEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    void Work()
    {
        while (Take() is { } item)
        {
            item.Work();
            lock (_gate)
            {
                _memory -= item.Memory;
                _isBackgroundRunning &= !item.IsBackground;
                // Who waited for the memory, or for his turn in the background, may go on.
                if (item.Memory > 0 || item.IsBackground)
                    Monitor.PulseAll(_gate);
            }
        }
    }

    (Action Work, long Memory, bool IsBackground)? Take()
    {
        lock (_gate)
        {
            _idle++;
            try
            {
                while (true)
                {
                    if (_queue.TryPeek(out var next) && _memory + next.Memory <= _memoryLimit)
                        return Started(_queue.Dequeue(), isBackground: false);
                    if (_queue.Count == 0 && !_isBackgroundRunning && _background.TryPeek(out var idle) && _memory + idle.Memory <= _memoryLimit)
                        return Started(_background.Dequeue(), isBackground: true);
                    if (_hasEnded && _queue.Count == 0 && _background.Count == 0)
                        return null;
                    Monitor.Wait(_gate);
                }
            }
            finally
            {
                _idle--;
            }
        }
    }

    (Action Work, long Memory, bool IsBackground) Started((Action Work, long Memory) item, bool isBackground)
    {
        _memory += item.Memory;
        _isBackgroundRunning |= isBackground;
        return (item.Work, item.Memory, isBackground);
    }
}

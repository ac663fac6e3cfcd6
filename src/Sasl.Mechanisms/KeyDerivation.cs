using System.Collections.Concurrent;

namespace Sasl.Mechanisms;

/// <summary>
/// Costly hashing on threads of its own, so that the threads that serve connections never wait for it. Bounded in both directions: as many
/// at a time as there are threads, and a queue that says no when it is full. Threads start with the first work and stay.
/// </summary>
/// <param name="threads">At a time; 1 or more.</param>
/// <param name="longestQueue">Waiting behind them; 1 or more.</param>
public sealed class KeyDerivation(int threads, int longestQueue)
{
    /// <summary>One thread a core, 1024 waiting.</summary>
    public static KeyDerivation Shared { get; } = new(Environment.ProcessorCount, 1024);

    readonly BlockingCollection<Action> _work = new(longestQueue);
    int _isStarted;

    /// <summary>
    /// Runs the work and gives its result. Null when too much is waiting: a temporary failure, for the caller to pass on. Who awaits the result goes on on
    /// the hashing thread, which saves a change of threads: he has little left to do.
    /// </summary>
    public Task<byte[]>? TryRun(Func<byte[]> work, CancellationToken stop)
    {
        var result = new TaskCompletionSource<byte[]>();
        if (!_work.TryAdd(Run))
            return null;
        StartThreads();
        return result.Task;

        void Run()
        {
            if (stop.IsCancellationRequested)
            {
                result.TrySetCanceled(stop);
                return;
            }
            try
            {
                result.TrySetResult(work());
            }
            catch (Exception bug)
            {
                result.TrySetException(bug);
            }
        }
    }

    void StartThreads()
    {
        if (Volatile.Read(ref _isStarted) != 0 || Interlocked.Exchange(ref _isStarted, 1) != 0)
            return;
        for (var i = 0; i < threads; i++)
            new Thread(Work) { IsBackground = true, Name = "sasl-hash" }.Start();
    }

    void Work()
    {
        foreach (var next in _work.GetConsumingEnumerable())
            next();
    }
}

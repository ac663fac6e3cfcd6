namespace Sasl.Mechanisms.Gssapi;

/// <summary>
/// Calls that may wait for a KDC or a file run here, so that the threads that serve connections never do. Bounded in both directions: so many
/// threads at most, which come with the work and go after some idle time, and a queue that says no when it is full.
/// </summary>
/// <param name="threads">At a time; 1 or more.</param>
/// <param name="longestQueue">Waiting for one of them; 0 or more.</param>
/// <param name="idle">How long a thread waits for more work.</param>
sealed class GssThreads(int threads, int longestQueue, TimeSpan idle)
{
    /// <summary>A KDC that does not answer holds a thread for half a minute and more: there are more threads than cores.</summary>
    public static GssThreads Shared { get; } = new(32, 1024, TimeSpan.FromSeconds(10));

    readonly Queue<Action> _work = new();
    int _running, _idle;

    /// <summary>Runs the work and gives its result. Null when too much is waiting: a temporary failure, for the caller to pass on.</summary>
    public Task<T>? TryRun<T>(Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_work)
        {
            if (_work.Count - _idle >= longestQueue && _running == threads)
                return null;
            _work.Enqueue(Run);
            if (_idle >= _work.Count)
                Monitor.Pulse(_work);
            else if (_running < threads)
            {
                _running++;
                new Thread(Work) { IsBackground = true, Name = "sasl-gss" }.Start();
            }
        }
        return result.Task;

        void Run()
        {
            try
            {
                result.SetResult(work());
            }
            catch (Exception bug)
            {
                result.SetException(bug);
            }
        }
    }

    void Work()
    {
        while (Take() is { } next)
            next();
    }

    Action? Take()
    {
        lock (_work)
        {
            while (_work.Count == 0)
            {
                _idle++;
                var pulsed = Monitor.Wait(_work, idle);
                _idle--;
                if (!pulsed && _work.Count == 0)
                {
                    _running--;
                    return null;
                }
            }
            return _work.Dequeue();
        }
    }
}

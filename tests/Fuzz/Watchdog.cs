namespace Fuzz;

/// <summary>Ends the process when a run does not end: a hang is a failure like any other, and its input is in the file of the last input.</summary>
sealed class Watchdog : IDisposable
{
    readonly Timer _timer;
    readonly TimeSpan _patience;

    public Watchdog(TimeSpan patience, Action expired)
    {
        _patience = patience;
        _timer = new Timer(_ => expired(), null, patience, Timeout.InfiniteTimeSpan);
    }

    public void Reset() => _timer.Change(_patience, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}

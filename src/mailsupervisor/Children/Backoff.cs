namespace MailSupervisor.Children;

/// <summary>How long to wait before a child that ended is started again: 0, 1, 2, 4 … 60 s; forgotten after a minute of good life.</summary>
sealed class Backoff(TimeProvider time)
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60), GoodLife = TimeSpan.FromSeconds(60);

    TimeSpan _next = TimeSpan.Zero;
    long _started = time.GetTimestamp();

    public void Started() => _started = time.GetTimestamp();

    public TimeSpan Next()
    {
        if (time.GetElapsedTime(_started) > GoodLife)
            _next = TimeSpan.Zero;
        var wait = _next;
        _next = _next == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : TimeSpan.FromTicks(Math.Min(Longest.Ticks, _next.Ticks * 2));
        return wait;
    }
}

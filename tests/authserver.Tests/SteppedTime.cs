namespace AuthServer.Tests;

/// <summary>The real clock, moved ahead at will; timers come due so many times sooner than they were set for.</summary>
sealed class SteppedTime : TimeProvider
{
    long _ahead;

    public int Haste { get; set; } = 1;

    public override long GetTimestamp() => System.GetTimestamp() + Volatile.Read(ref _ahead);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromSeconds((double)Volatile.Read(ref _ahead) / TimestampFrequency);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, (long)(by.TotalSeconds * TimestampFrequency));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new HastyTimer(System.CreateTimer(callback, state, Sooner(dueTime), Sooner(period)), this);

    TimeSpan Sooner(TimeSpan time) => time > TimeSpan.Zero ? time / Haste : time;

    sealed class HastyTimer(ITimer timer, SteppedTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Sooner(dueTime), time.Sooner(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}

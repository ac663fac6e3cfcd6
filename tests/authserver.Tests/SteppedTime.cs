namespace AuthServer.Tests;

/// <summary>The real clock, moved ahead at will. Timers keep real time.</summary>
sealed class SteppedTime : TimeProvider
{
    long _ahead;

    public override long GetTimestamp() => System.GetTimestamp() + Volatile.Read(ref _ahead);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, (long)(by.TotalSeconds * TimestampFrequency));
}

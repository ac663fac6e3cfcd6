namespace Sasl.Credentials.Tests;

/// <summary>A clock that stands until the test moves it.</summary>
sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = start;

    public ManualTime() : this(DateTimeOffset.UnixEpoch)
    {
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
}

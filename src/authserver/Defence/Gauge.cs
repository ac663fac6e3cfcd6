namespace AuthServer.Defence;

/// <summary>
/// How full one counter is: what has happened, which drains evenly, and what is under way and may yet happen. Attempts are taken in before they are
/// judged, so that many at once are as many.
/// </summary>
struct Gauge
{
    double _level;
    long _at;

    /// <summary>Attempts that were let through and have no verdict yet.</summary>
    public int UnderWay;

    /// <param name="now">Milliseconds of the defence's clock.</param>
    /// <param name="perMillisecond">What drains.</param>
    public double Level(long now, double perMillisecond)
    {
        var drained = (now - _at) * perMillisecond;
        return drained >= _level ? 0 : _level - Math.Max(0, drained);
    }

    /// <summary>Adds what has happened, or takes away (less than 0) what turned out harmless.</summary>
    public void Add(double count, long now, double perMillisecond) => (_level, _at) = (Math.Max(0, Level(now, perMillisecond) + count), now);

    public void Set(double level, long now) => (_level, _at) = (level, now);
}

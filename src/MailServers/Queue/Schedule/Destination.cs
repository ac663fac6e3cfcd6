namespace MailServers.Queue.Schedule;

/// <summary>Everything that waits for one place, and how much that place takes at once. Guarded by the scheduler's lock.</summary>
sealed class Destination(string key, ITransport transport)
{
    double _window = transport.InitialConcurrency;

    public string Key => key;

    public ITransport Transport => transport;

    public Queue<(ActiveMessage Message, Delivery Delivery)> Waiting { get; } = new();

    public int Busy { get; set; }

    /// <summary>It is in the round of those that may have something to start.</summary>
    public bool IsListed { get; set; }

    /// <summary>Until when nobody need try, and what the last one saw.</summary>
    public DateTimeOffset DownUntil { get; private set; } = DateTimeOffset.MinValue;

    public DeliveryResult? LastFailure { get; private set; }

    public bool HasRoom => Busy < Math.Max(1, (int)_window);

    public bool IsIdle(DateTimeOffset now) => Busy == 0 && Waiting.Count == 0 && now >= DownUntil;

    /// <summary>One more at once after each window of successes, one less after each window of failures; a failed host rests.</summary>
    public void Learn(DeliveryResult? failure, DateTimeOffset now, TimeSpan rest)
    {
        if (failure is null)
        {
            _window = Math.Min(transport.ConcurrencyLimit, _window + (1 / Math.Max(1, _window)));
            DownUntil = DateTimeOffset.MinValue;
            return;
        }
        _window = Math.Max(1, _window - (1 / Math.Max(1, _window)));
        DownUntil = now + rest;
        LastFailure = failure;
    }

    /// <summary>A person wants it tried now.</summary>
    public void Revive() => DownUntil = DateTimeOffset.MinValue;
}

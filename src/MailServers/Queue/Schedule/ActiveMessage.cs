using MailServers.Queue.Store;

namespace MailServers.Queue.Schedule;

/// <summary>A message in one round of attempts: how many deliveries are under way and what they have brought. Guarded by its own lock.</summary>
sealed class ActiveMessage(QueuedMessage message, DateTimeOffset activated)
{
    readonly Lock _gate = new();
    int _open = 1;

    public QueuedMessage Message => message;

    public DateTimeOffset Activated => activated;

    /// <summary>What it counts against the limit of active recipients.</summary>
    public int Weight { get; set; }

    /// <summary>What the sender will be told at the end of the round, and who waits for the next one.</summary>
    public List<DeliveryResult> Bounced { get; } = [];

    public List<DeliveryResult> Deferred { get; } = [];

    public List<DeliveryResult> Delivered { get; } = [];

    /// <summary>Nothing but our own processes is in the way of those that are left.</summary>
    public bool WaitsForUs => Deferred.Count > 0 && Deferred.TrueForAll(r => r.IsOwnTrouble);

    public void Begin(int deliveries) => Interlocked.Add(ref _open, deliveries);

    /// <summary>True for the one that was the last.</summary>
    public bool End() => Interlocked.Decrement(ref _open) == 0;

    public void Add(DeliveryResult result)
    {
        lock (_gate)
        {
            (result.Verdict switch { Verdict.Bounced => Bounced, Verdict.Deferred => Deferred, _ => Delivered }).Add(result);
        }
    }
}

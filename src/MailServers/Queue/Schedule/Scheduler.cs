// Invariants:
//  * A message is active at most once: its id is reserved before its file is read, and given back after its file was changed for the
//    last time. So an active message's file has one reader's idea of it.
//  * The number of active messages and of their recipients is bounded; everything else waits on disk and costs no memory.
//  * Destinations take turns: a thousand messages for one do not delay one message for another.
//  * After a drain nothing new starts; what is under way ends and is recorded.
using System.Collections.Concurrent;
using MailServers.Queue.Routing;
using MailServers.Queue.Store;

namespace MailServers.Queue.Schedule;

/// <summary>Decides what is delivered when.</summary>
sealed class Scheduler(
    QueueDirectory queue, QueueSettings settings, Router router, IReadOnlyDictionary<string, ITransport> transports, Settlement settlement,
    QueueLoggers log, TimeProvider time)
{
    // New mail finds room even when everything old is due at once.
    const double ShareOfOld = 0.75;

    /// <summary>The first pause when only a process of our own was missing; it grows as the others do.</summary>
    static readonly TimeSpan _soon = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    readonly ConcurrentDictionary<string, byte> _active = new();
    readonly Dictionary<string, Destination> _destinations = [];
    readonly Queue<Destination> _turns = new();
    readonly SemaphoreSlim _wake = new(0);
    readonly CancellationTokenSource _abort = new();
    int _recipients, _running, _ending;
    volatile bool _draining, _flush, _full;

    public int ActiveCount => _active.Count;

    /// <summary>Runs the queue until told to stop, then waits for the deliveries under way, at most so long.</summary>
    public async Task RunAsync(TimeSpan patience, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Run();
                using var timer = new CancellationTokenSource(settings.RunDelay, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timer.Token);
                try
                {
                    await _wake.WaitAsync(either.Token);
                }
                catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                {
                    // The queue run delay has passed.
                }
            }
        }
        catch (OperationCanceledException)
        {
            await DrainAsync(patience);
        }
    }

    /// <summary>A message has entered the queue.</summary>
    public void Accept(string id)
    {
        if (!_draining && !TryActivate(id, 1))
            _full = true;
    }

    /// <summary>Tries everything now, whatever its time is.</summary>
    public void Flush()
    {
        _flush = true;
        _wake.Release();
    }

    /// <summary>One pass over the directory: what is due becomes active, as far as there is room.</summary>
    void Run()
    {
        var (now, flush, activated) = (time.GetUtcNow(), _flush, 0);
        (_flush, _full) = (false, false);
        lock (_gate)
        {
            foreach (var (key, destination) in _destinations.ToArray())
            {
                if (flush)
                    destination.Revive();
                if (destination.IsIdle(now))
                    _destinations.Remove(key);
            }
        }
        foreach (var (id, due, _) in queue.Scan())
        {
            if (_draining)
                return;
            if ((!flush && due > now) || _active.ContainsKey(id))
                continue;
            if (!TryActivate(id, ShareOfOld))
            {
                _full = true;
                break;
            }
            activated++;
        }
        if (activated > 0)
            QueueLog.Run(log.Manager, activated);
    }

    /// <summary>False when there is no room.</summary>
    bool TryActivate(string id, double share)
    {
        if (_active.Count >= settings.ActiveMessages * share || (Volatile.Read(ref _recipients) >= settings.ActiveRecipients * share && !_active.IsEmpty))
            return false;
        if (!_active.TryAdd(id, 0))
            return true;
        QueuedMessage? message = null;
        try
        {
            message = queue.Load(id, out var damaged);
            if (damaged)
                QueueLog.Damaged(log.Manager, id);
        }
        catch (IOException trouble)
        {
            QueueLog.Trouble(log.Manager, id, trouble.Message);
        }
        if (message is null)
        {
            _active.TryRemove(id, out _);
            return true;
        }
        var active = new ActiveMessage(message, time.GetUtcNow());
        QueueLog.Active(log.Manager, id, message.Envelope.Sender, message.Size, message.Recipients.Count(r => !r.IsDone));
        Enlist(active, message.Recipients);
        EndOne(active);
        return true;
    }

    /// <summary>Puts recipients in line at their destinations.</summary>
    void Enlist(ActiveMessage active, IEnumerable<Recipient> recipients)
    {
        var message = active.Message;
        var open = recipients.Where(r => !r.IsDone).ToArray();
        IGrouping<(string Key, Route Route, string Sender, string Prefix), (Recipient Recipient, Route Route)>[] groups;
        lock (message.Gate)
        {
            groups = [.. open.Select(r => (Recipient: r, Route: r.MailboxOnly ? new Route("local", r.Address) : router.Resolve(r.Address)))
                .GroupBy(p => (KeyOf(p.Route, p.Recipient), p.Route, message.SenderOf(p.Recipient), Delivery.PrefixFor(message, p.Recipient)))];
        }
        lock (_gate)
        {
            active.Weight += open.Length;
            _recipients += open.Length;
            foreach (var group in groups)
            {
                var nextHop = group.Key.Route.NextHop;
                if (!transports.TryGetValue(group.Key.Route.Transport, out var transport))
                    (transport, nextHop) = (transports["retry"], $"4.3.0 mail transport unavailable: {group.Key.Route.Transport}");
                if (!_destinations.TryGetValue(group.Key.Key, out var destination))
                    _destinations[group.Key.Key] = destination = new(group.Key.Key, transport);
                foreach (var chunk in group.Select(p => p.Recipient).Chunk(Math.Max(1, transport.RecipientsPerDelivery)))
                {
                    active.Begin(1);
                    destination.Waiting.Enqueue((active, new(message, nextHop, group.Key.Sender, chunk, () => queue.OpenText(message))
                    {
                        Prefix = group.Key.Prefix,
                        Activated = active.Activated,
                    }));
                }
                List(destination);
            }
            Pump();
        }
    }

    // A local user is a destination of its own: a full mailbox delays nobody else's mail.
    static string KeyOf(Route route, Recipient recipient) => route.Transport == "local"
        ? $"local:{Lmtp.MailPath.LocalPart(recipient.Address).ToLowerInvariant()}" : $"{route.Transport}:{route.NextHop}";

    void List(Destination destination)
    {
        if (destination.IsListed || destination.Waiting.Count == 0)
            return;
        destination.IsListed = true;
        _turns.Enqueue(destination);
    }

    /// <summary>Starts what may be started; one delivery a turn.</summary>
    void Pump()
    {
        while (!_draining && _running < settings.Deliveries && _turns.TryDequeue(out var destination))
        {
            destination.IsListed = false;
            if (destination.Waiting.Count == 0 || !destination.HasRoom)
                continue;
            var (active, delivery) = destination.Waiting.Dequeue();
            List(destination);
            destination.Busy++;
            _running++;
            var down = time.GetUtcNow() < destination.DownUntil ? destination.LastFailure : null;
            _ = Task.Run(() => DeliverAsync(destination, active, delivery, down));
        }
    }

    async Task DeliverAsync(Destination destination, ActiveMessage active, Delivery delivery, DeliveryResult? down)
    {
        var started = time.GetUtcNow();
        DeliveryResult? failure = null;
        try
        {
            var results = down is not null
                ? [.. delivery.Recipients.Select(r => new DeliveryResult(r, Verdict.Deferred, down.Status, $"delivery temporarily suspended: {down.Text}"))]
                : await destination.Transport.DeliverAsync(delivery, _abort.Token);
            failure = results.FirstOrDefault(r => r.IsDestinationDown);
            var added = await settlement.RecordAsync(active, delivery, destination.Transport.Log, started, results);
            if (added.Count > 0)
                Enlist(active, added);
        }
        catch (Exception trouble)
        {
            // A bug or a broken disk: the recipients stay what they were and are tried again.
            if (!_abort.IsCancellationRequested)
                QueueLog.Trouble(log.Manager, delivery.Message.Id, trouble.ToString());
            foreach (var recipient in delivery.Recipients.Where(r => !r.IsDone))
                active.Add(new(recipient, Verdict.Deferred, "4.3.0", "mail system error"));
        }
        EndOne(active);
        lock (_gate)
        {
            destination.Busy--;
            _running--;
            if (down is null)
                destination.Learn(failure, time.GetUtcNow(), settings.MinimalBackoff);
            List(destination);
            Pump();
        }
    }

    void EndOne(ActiveMessage active)
    {
        if (!active.End())
            return;
        Interlocked.Increment(ref _ending);
        _ = Task.Run(() => EndRoundAsync(active));
    }

    async Task EndRoundAsync(ActiveMessage active)
    {
        try
        {
            foreach (var notification in await settlement.EndRoundAsync(active))
                Accept(notification);
        }
        catch (Exception trouble)
        {
            QueueLog.Trouble(log.Manager, active.Message.Id, trouble.ToString());
        }
        lock (_gate)
            _recipients -= active.Weight;
        _active.TryRemove(active.Message.Id, out _);
        Interlocked.Decrement(ref _ending);
        if (active.WaitsForUs)
            _ = AcceptLaterAsync(active.Message.Id, BackOff.Next(active.Activated, active.Message.Envelope.Arrived, _soon, settings.MinimalBackoff) - active.Activated);
        if (_full && _active.Count < settings.ActiveMessages / 2)
            _wake.Release();
    }

    /// <summary>In the directory it is due at once, for whoever scans it next; here it is not tried without a pause.</summary>
    async Task AcceptLaterAsync(string id, TimeSpan pause)
    {
        await Task.Delay(pause, time, CancellationToken.None);
        Accept(id);
    }

    async Task DrainAsync(TimeSpan patience)
    {
        _draining = true;
        var until = time.GetUtcNow() + patience;
        while (Volatile.Read(ref _running) > 0 || Volatile.Read(ref _ending) > 0)
        {
            if (time.GetUtcNow() > until)
                await _abort.CancelAsync();
            await Task.Delay(20, CancellationToken.None);
        }
    }
}

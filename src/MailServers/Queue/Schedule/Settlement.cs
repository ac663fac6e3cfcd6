using MailServers.Queue.Bounce;
using MailServers.Queue.Store;
using Microsoft.Extensions.Logging;

namespace MailServers.Queue.Schedule;

/// <summary>What happens after attempts: the log line, the journal, and at the end of a round reports, the next time or removal.</summary>
sealed class Settlement(QueueDirectory queue, QueueSettings settings, Routing.Router router, Reporter reporter, QueueLoggers log, TimeProvider time)
{
    /// <summary>Logs and records the results of one delivery. Returns the recipients that it added to the message.</summary>
    public async Task<IReadOnlyList<Recipient>> RecordAsync(ActiveMessage active, Delivery delivery, ILogger transport, DateTimeOffset started, IReadOnlyList<DeliveryResult> results)
    {
        var message = active.Message;
        var (done, added) = (new List<int>(), new List<Recipient>());
        var recorded = Task.CompletedTask;
        lock (message.Gate)
        {
            foreach (var result in results.Select(r => Expand(message, added, r)).ToArray())
            {
                Log(active, transport, started, result);
                QueueMetrics.Attempted(result.Verdict);
                active.Add(result);
                // A bounced recipient is done only when its report is safe; that is at the end of the round.
                if (result.Verdict is Verdict.Sent or Verdict.Expanded)
                    done.Add(message.Recipients.IndexOf(result.Recipient));
            }
            // When nobody is left the file goes at once; a note that a crash would lose together with the file is not worth a sync.
            if (added.Count == 0 && message.Recipients.Count(r => !r.IsDone) == done.Count)
                message.Apply(new(done, []));
            else if (done.Count + added.Count > 0)
                recorded = queue.RecordAsync(message, new(done, added));
        }
        await recorded;
        return added;
    }

    /// <summary>All deliveries of the round have ended. Returns ids of notifications that were put in the queue.</summary>
    public async Task<IReadOnlyList<string>> EndRoundAsync(ActiveMessage active)
    {
        var (message, now, notifications) = (active.Message, time.GetUtcNow(), new List<string>());
        var lifetime = message.Envelope.Sender.Length == 0 ? settings.BounceLifetime : settings.Lifetime;
        if (active.Deferred.Count > 0 && now - message.Envelope.Arrived >= lifetime)
        {
            QueueLog.Expired(log.Manager, message.Id, message.Envelope.Sender);
            active.Bounced.AddRange(active.Deferred.Select(r => r with { Verdict = Verdict.Bounced }));
            active.Deferred.Clear();
        }
        var confirmed = active.Delivered.Where(r => !r.PassedOnNotify && r.Verdict == Verdict.Sent && r.Recipient.Notifies("SUCCESS")).ToList();
        notifications.AddRange(await reporter.ReportAsync(message, ReportKind.Success, confirmed));
        notifications.AddRange(await reporter.ReportAsync(message, ReportKind.Failure, active.Bounced));
        var bounced = active.Bounced.Select(r => message.Recipients.IndexOf(r.Recipient)).Where(i => i >= 0).ToList();
        if (active.Deferred.Count == 0)
        {
            message.Apply(new(bounced, []));
            if (!message.IsDone)
                return notifications;
            queue.Remove(message.Id);
            QueueLog.Removed(log.Manager, message.Id);
            return notifications;
        }
        var warn = settings.DelayWarning > TimeSpan.Zero && !message.IsWarned && now - message.Envelope.Arrived >= settings.DelayWarning;
        if (warn)
            notifications.AddRange(await reporter.ReportAsync(message, ReportKind.Delay, active.Deferred));
        if (bounced.Count > 0 || warn)
            await queue.RecordAsync(message, new(bounced, [], warn));
        queue.Defer(message.Id, active.WaitsForUs ? now : BackOff.Next(now, message.Envelope.Arrived, settings.MinimalBackoff, settings.MaximalBackoff));
        return notifications;
    }

    /// <summary>
    /// Adds a result's forwards to the message: an address that this recipient came from is a loop, one that the message has already
    /// goes there once. Returns the result, turned into a bounce when nothing but a loop is left of it.
    /// </summary>
    DeliveryResult Expand(QueuedMessage message, List<Recipient> added, DeliveryResult result)
    {
        if (result.Forwards.Count == 0)
            return result;
        var parent = message.Recipients.IndexOf(result.Recipient);
        var line = new HashSet<string>(message.Ancestors(result.Recipient).Append(result.Recipient.Address), StringComparer.OrdinalIgnoreCase);
        var (kept, looped) = (0, false);
        foreach (var forward in result.Forwards.Select(f => f with { Address = router.Complete(f.Address) }))
        {
            // RFC 5321 §6.3: loops must be found and ended.
            if (line.Contains(forward.Address) && !forward.MailboxOnly)
            {
                looped = true;
                continue;
            }
            kept++;
            if (!message.Recipients.Concat(added).Any(r => r.MailboxOnly == forward.MailboxOnly && string.Equals(r.Address, forward.Address, StringComparison.OrdinalIgnoreCase)))
                added.Add(forward with { Parent = parent, Notify = result.Recipient.Notify, Sender = forward.Sender ?? result.Recipient.Sender });
        }
        return looped && kept == 0 && result.Verdict == Verdict.Expanded
            ? result with { Verdict = Verdict.Bounced, Status = "5.4.6", Text = $"mail forwarding loop for {result.Recipient.Address}", Forwards = [] } : result;
    }

    void Log(ActiveMessage active, ILogger transport, DateTimeOffset started, DeliveryResult result)
    {
        var original = active.Message.Ancestors(result.Recipient).LastOrDefault() is { } first ? $"orig_to=<{first}>, " : "";
        var delays = Delays.Format(active.Activated - active.Message.Envelope.Arrived, started - active.Activated, result.Connect, result.Transmit);
        var verdict = result.Verdict switch { Verdict.Deferred => "deferred", Verdict.Bounced => "bounced", _ => "sent" };
        QueueLog.Status(transport, active.Message.Id, result.Recipient.Address, original, result.Relay, delays, result.Status, verdict, result.Text);
    }
}

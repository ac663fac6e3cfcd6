using System.Diagnostics.Metrics;
using MailServers.Queue.Schedule;

namespace MailServers.Queue;

static class QueueMetrics
{
    static readonly Meter _meter = new("Sasl.MailServers.Queue");

    public static readonly UpDownCounter<long> Messages = _meter.CreateUpDownCounter<long>("mail.queue.messages", "{message}",
        "Messages in the queue, whatever they wait for.");

    static readonly Counter<long> _deliveries = _meter.CreateCounter<long>("mail.queue.deliveries", "{recipient}",
        "Attempts to deliver, one for each recipient, by outcome.");

    public static void Attempted(Verdict verdict) => _deliveries.Add(1, new KeyValuePair<string, object?>("outcome", verdict switch
    {
        Verdict.Sent => "sent",
        Verdict.Deferred => "deferred",
        Verdict.Bounced => "bounced",
        _ => "expanded",
    }));
}

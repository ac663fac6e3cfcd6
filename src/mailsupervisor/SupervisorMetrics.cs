using System.Diagnostics.Metrics;

namespace MailSupervisor;

static class SupervisorMetrics
{
    static readonly Meter _meter = new("Sasl.Supervisor");

    public static readonly UpDownCounter<long> Workers = _meter.CreateUpDownCounter<long>("mail.supervisor.workers", "{process}",
        "Mailbox workers that run.");

    static readonly Counter<long> _restarts = _meter.CreateCounter<long>("mail.supervisor.restarts", "{restart}",
        "Children that ended without being told to, or could not start, by their name in the process table (worker: any mailbox worker).");

    static readonly Counter<long> _streams = _meter.CreateCounter<long>("mail.supervisor.streams", "{stream}",
        "Streams that were to be given to a mailbox worker, by protocol and outcome.");

    public static void Ended(string child) => _restarts.Add(1, new KeyValuePair<string, object?>("child", child));

    /// <param name="outcome">ok, or the code of the refusal: nouser, denied, temp.</param>
    public static void Attached(string protocol, string outcome) => _streams.Add(1, new("protocol", protocol), new("outcome", outcome));
}

using System.Diagnostics.Metrics;

namespace AuthServer.Audit;

static class AuditMetrics
{
    static readonly Meter _meter = new("Sasl.AuthServer");

    static readonly Counter<long> _lost = _meter.CreateCounter<long>("mail.auth.audit.lost", "{event}",
        "Events that the audit log could not take: the disk is full or slow.");

    public static void Lost(long count) => _lost.Add(count);
}

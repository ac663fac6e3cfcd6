using System.Diagnostics.Metrics;

namespace AuthServer.Defence;

static class DefenceMetrics
{
    static readonly Meter _meter = new("Sasl.AuthServer");

    static readonly Counter<long> _refusals = _meter.CreateCounter<long>("mail.auth.guard.refusals", "{login}",
        "Logins refused without a look at their password, by the limit that was reached.");

    static readonly UpDownCounter<long> _tracked = _meter.CreateUpDownCounter<long>("mail.auth.guard.tracked", "{counter}",
        "Counters of wrong passwords that are kept, and accounts whose homes are known.");

    public static void Refused(string limit) => _refusals.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public static void Tracked(int change) => _tracked.Add(change);
}

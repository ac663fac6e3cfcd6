using System.Diagnostics.Metrics;

namespace Sasl.Hosting.Net;

/// <summary>The connections of every server that accepts.</summary>
public static class ConnectionMetrics
{
    static readonly Meter _meter = new("Sasl.Hosting");

    public static readonly UpDownCounter<long> Active = _meter.CreateUpDownCounter<long>("mail.connections.active", "{connection}",
        "Connections being served.");

    static readonly Counter<long> _connections = _meter.CreateCounter<long>("mail.connections", "{connection}",
        "Connections accepted, and those closed at once because there were too many.");

    public static void Accepted() => _connections.Add(1, new KeyValuePair<string, object?>("outcome", "accepted"));

    public static void Refused() => _connections.Add(1, new KeyValuePair<string, object?>("outcome", "refused"));
}

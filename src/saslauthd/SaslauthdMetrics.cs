using System.Diagnostics.Metrics;
using Sasl.Credentials;

namespace Saslauthd;

static class SaslauthdMetrics
{
    static readonly Meter _meter = new("Sasl.Saslauthd");

    static readonly Counter<long> _requests = _meter.CreateCounter<long>("mail.saslauthd.requests", "{request}",
        "Requests, by the mechanism that gave the verdict (cache: a remembered success; none: no mechanism was asked) and outcome.");

    public static void Cached() => Count("cache", "ok");

    public static void Malformed() => Count("none", "malformed");

    public static void Denied() => Count("none", "denied");

    public static void Verified(string mechanism, VerdictKind kind) => Count(mechanism, kind switch
    {
        VerdictKind.Ok => "ok",
        VerdictKind.Disabled => "disabled",
        VerdictKind.Expired => "expired",
        VerdictKind.Unavailable => "unavailable",
        _ => "refused",
    });

    static void Count(string mechanism, string outcome) => _requests.Add(1, new("mechanism", mechanism), new("outcome", outcome));
}

using System.Diagnostics.Metrics;
using Sasl.Mechanisms;

namespace AuthServer;

static class AuthServerMetrics
{
    static readonly Meter _meter = new("Sasl.AuthServer");

    static readonly Counter<long> _exchanges = _meter.CreateCounter<long>("mail.auth.exchanges", "{exchange}",
        "SASL exchanges that have ended, by mechanism and outcome.");

    public static void Succeeded(SaslMechanism mechanism) => Ended(mechanism, "success");

    public static void Failed(SaslMechanism mechanism, FailureKind kind) => Ended(mechanism, kind switch
    {
        FailureKind.MalformedMessage => "malformed",
        FailureKind.NotAuthorized => "not_authorized",
        FailureKind.Disabled => "disabled",
        FailureKind.Expired => "expired",
        FailureKind.Temporary => "temporary",
        _ => "bad_credentials",
    });

    static void Ended(SaslMechanism mechanism, string outcome) => _exchanges.Add(1, new("mechanism", mechanism.Name), new("outcome", outcome));
}

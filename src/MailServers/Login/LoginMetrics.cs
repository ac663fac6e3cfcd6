using System.Diagnostics.Metrics;

namespace MailServers.Login;

static class LoginMetrics
{
    static readonly Meter _meter = new("Sasl.MailServers.Login");

    static readonly Counter<long> _sessions = _meter.CreateCounter<long>("mail.login.sessions", "{session}",
        "Clients of imap-login and pop3-login that have left it, by how.");

    public static void Ended(LoginEnd end) => _sessions.Add(1, new KeyValuePair<string, object?>("outcome", end switch
    {
        LoginEnd.HandedOver => "logged_in",
        LoginEnd.HandOffFailed => "handoff_failed",
        LoginEnd.LoggedOut => "logged_out",
        LoginEnd.TimedOut => "timed_out",
        LoginEnd.TooManyBadCommands => "bad_commands",
        LoginEnd.InputTooLong => "input_too_long",
        LoginEnd.Dropped => "dropped",
        LoginEnd.ShuttingDown => "shutting_down",
        LoginEnd.TlsFailed => "tls_failed",
        _ => "closed",
    }));
}

using System.Diagnostics.Metrics;

namespace MailServers.Smtp;

static class SmtpMetrics
{
    static readonly Meter _meter = new("Sasl.MailServers.Smtp");

    static readonly Counter<long> _messages = _meter.CreateCounter<long>("mail.smtp.messages", "{message}",
        "Messages whose text was to be received, by what the client was told at its end.");

    /// <param name="reply">The reply to the end of DATA or to the last BDAT.</param>
    public static void Ended(Reply reply) => _messages.Add(1, new KeyValuePair<string, object?>("outcome", reply.Lines is [[var first, ..], ..]
        ? first switch { '2' => "accepted", '4' => "deferred", _ => "refused" } : "lost"));
}

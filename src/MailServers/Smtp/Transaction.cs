using MailServers.Smtp.Addresses;
using MailServers.Smtp.Commands;

namespace MailServers.Smtp;

/// <summary>A recipient as the client typed it (for replies and logs) and as the queue gets it.</summary>
sealed record Recipient(MailAddress Typed, MailAddress Resolved, RcptParameters Parameters);

/// <summary>One mail under way on a connection, from MAIL to its end (RFC 5321 §3.3).</summary>
sealed class Transaction(MailAddress typedSender, MailAddress sender, MailParameters parameters)
{
    public MailAddress TypedSender => typedSender;

    /// <summary>Completed with our origin when the client left the domain out.</summary>
    public MailAddress Sender => sender;

    public MailParameters Parameters => parameters;

    public List<Recipient> Recipients { get; } = [];

    public int RefusedRecipients { get; set; }
}

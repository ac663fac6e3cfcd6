using MailServers.Smtp.Addresses;
using MailServers.Smtp.Content;

namespace MailServers.Smtp;

/// <summary>A recipient as the client typed it (for replies and logs) and as the queue gets it.</summary>
sealed record Recipient(MailAddress Typed, MailAddress Resolved);

/// <summary>One mail under way on a connection, from MAIL to its end (RFC 5321 §3.3).</summary>
sealed class Transaction(MailAddress typedSender, MailAddress sender)
{
    public MailAddress TypedSender { get; } = typedSender;

    /// <summary>Completed with our origin when the client left the domain out.</summary>
    public MailAddress Sender { get; } = sender;

    public List<Recipient> Recipients { get; } = [];

    public bool Is8BitMime { get; init; }

    public long? DeclaredSize { get; init; }

    /// <summary>AUTH= of MAIL (RFC 4954 §5): noted for the log, not believed.</summary>
    public string? SaslSender { get; init; }

    /// <summary>At least one RCPT was tried: DATA without success then says so.</summary>
    public bool SawRecipient { get; set; }

    public int RefusedRecipients { get; set; }

    /// <summary>Set once BDAT has begun.</summary>
    public IncomingMail? Chunks { get; set; }

    /// <summary>Line ends of the chunks so far; a CRLF may be cut by a chunk's end.</summary>
    public LineNormalizer Lines { get; } = new();

    /// <summary>BDAT failed: the rest is read and thrown away.</summary>
    public string? ChunkFailure { get; set; }
}

namespace MailServers.Lmtp;

/// <summary>MAIL, as it was given. Values are checked; absent ones are null.</summary>
sealed record MailCommand(string Sender, long? Size = null, string? Body = null, string? Return = null, string? EnvelopeId = null, bool Utf8 = false)
{
    /// <summary>What the client called itself, made harmless for a header line.</summary>
    public string Client { get; init; } = "localhost";
}

/// <summary>RCPT, as it was given.</summary>
/// <param name="IsMailbox">XMAILBOX, inside the house only: the user database knows this recipient, whatever its domain says.</param>
sealed record RecipientCommand(string Address, string? Notify = null, string? Original = null, bool IsMailbox = false);

/// <summary>What an LMTP server does with mail: put it in the queue, in a mailbox, or pass it on.</summary>
interface ILmtpService
{
    /// <summary>Our name in the greeting and the LHLO answer.</summary>
    string HostName { get; }

    /// <summary>Largest message in bytes.</summary>
    long SizeLimit { get; }

    int RecipientLimit { get; }

    /// <summary>The client is a server of this house and may use XMAILBOX.</summary>
    bool IsInside => false;

    /// <summary>Begins a mail, or refuses it.</summary>
    ValueTask<(Reply Reply, ILmtpTransaction? Transaction)> BeginAsync(MailCommand mail, CancellationToken stop);
}

/// <summary>One mail under way. Disposing without commit leaves no trace.</summary>
interface ILmtpTransaction : IAsyncDisposable
{
    ValueTask<Reply> AddAsync(RecipientCommand recipient, CancellationToken stop);

    /// <summary>DATA came: null to go on, or why not.</summary>
    ValueTask<Reply?> OpenAsync(CancellationToken stop);

    /// <summary>The id that the mail will have, known once it is open; told with 354 to those inside. Null when there is none.</summary>
    string? Id => null;

    /// <summary>A piece of the text, dots removed. IOException: the mail is refused, the dialogue goes on.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken stop);

    /// <summary>The text is complete. One reply per accepted recipient, in their order (RFC 2033 §4.2).</summary>
    ValueTask<IReadOnlyList<Reply>> CommitAsync(CancellationToken stop);
}

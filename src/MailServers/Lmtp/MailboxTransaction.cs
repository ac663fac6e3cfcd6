using System.Text;
using MailServers.Queue;
using MailStore;
using Microsoft.Extensions.Logging;

namespace MailServers.Lmtp;

/// <summary>
/// One mail for one user. The text is streamed into the store; only when .forward names files or commands it is kept in a nameless file
/// too, since those begin when the header has been seen whole and no loop was in it.
/// </summary>
sealed class MailboxTransaction(IStore store, LmtpDelivery delivery, MailCommand mail, ILogger log) : ILmtpTransaction
{
    sealed record Target(string Address, ForwardPlan Plan)
    {
        public IMessageWriter? Writer { get; set; }

        public Reply? Failure { get; set; }
    }

    static readonly IReadOnlySet<string> _noKeywords = new HashSet<string>();

    readonly List<Target> _targets = [];
    readonly HashSet<string> _deliveredTo = new(StringComparer.OrdinalIgnoreCase);
    HeaderScan? _header;
    FileStream? _spool;

    public ValueTask<Reply> AddAsync(RecipientCommand recipient, CancellationToken stop)
    {
        var plan = Forward.Read(delivery, recipient.Address, log);
        if (plan.Error is { } error)
            return new(error);
        // RFC 5321 §3.4: the queue sends the mail on; it has the retries, the loop guard and the reports.
        if (!plan.IsLocal)
            return new(new Reply(551, "2.1.5", $"User not local; please try {plan.Paths}"));
        _targets.Add(new(recipient.Address, plan));
        return new(plan.Addresses.Count > 0 ? new Reply(251, "2.1.5", $"User not local; will forward to {plan.Paths}") : new(250, "2.1.5", "Ok"));
    }

    public async ValueTask<Reply?> OpenAsync(CancellationToken stop)
    {
        // RFC 5321 §6.3 in local(8)'s way: a Delivered-To with this very recipient means that it comes back.
        _header = new((name, value) =>
        {
            if (name.Equals("Delivered-To", StringComparison.OrdinalIgnoreCase))
                _deliveredTo.Add(value.Trim('<', '>'));
        });
        try
        {
            foreach (var target in _targets.Where(t => t.Plan.ToMailbox))
            {
                target.Writer = store.Append("INBOX", MessageFlags.None, _noKeywords, null) ?? throw new IOException("there is no INBOX");
                await target.Writer.WriteAsync(Encoding.UTF8.GetBytes(TraceHeader(target)), stop);
            }
            if (_targets.Exists(t => t.Plan.Others.Count > 0))
                _spool = new FileStream(Path.Combine(Path.GetTempPath(), $"lmtp-{Guid.NewGuid():N}"), new FileStreamOptions
                {
                    Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
            return null;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            LmtpLog.DeliveryFailed(log, trouble.Message);
            return MailboxTrouble(trouble);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken stop)
    {
        if (!_header!.IsOver)
            _header.Add(text.Span);
        foreach (var target in _targets)
        {
            if (target.Writer is null || target.Failure is not null)
                continue;
            try
            {
                await target.Writer.WriteAsync(text, stop);
            }
            catch (IOException trouble)
            {
                LmtpLog.DeliveryFailed(log, trouble.Message);
                target.Failure = MailboxTrouble(trouble);
            }
        }
        if (_spool is not null)
            await _spool.WriteAsync(text, stop);
    }

    public async ValueTask<IReadOnlyList<Reply>> CommitAsync(CancellationToken stop)
    {
        var replies = new List<Reply>();
        foreach (var target in _targets)
        {
            var reply = target.Failure ?? (_deliveredTo.Contains(target.Address)
                ? new(554, "5.4.6", $"mail forwarding loop for {target.Address}") : await DeliverAsync(target, stop));
            // Dovecot's replies begin with the recipient: with several of them a reader of logs can tell them apart.
            replies.Add(reply with { Text = $"<{target.Address}> {reply.Text}" });
        }
        return replies;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var target in _targets)
            target.Writer?.Dispose();
        if (_spool is not null)
            await _spool.DisposeAsync();
    }

    /// <summary>Files and commands first: when one of them must be tried again, the mailbox has not got a copy that would come twice.</summary>
    async ValueTask<Reply> DeliverAsync(Target target, CancellationToken stop)
    {
        Reply? refused = null;
        foreach (var other in target.Plan.Others)
        {
            _spool!.Position = 0;
            var reply = await ForwardDelivery.DeliverAsync(other, new(mail.Sender, target.Address, TraceHeader(target), _spool), delivery, stop);
            if (reply.IsTransient)
                return reply;
            if (reply.IsPositive)
                LmtpLog.DeliveredTo(log, _header!.MessageId, other.Value);
            else
                refused ??= reply;
        }
        if (target.Writer is not null)
        {
            try
            {
                await target.Writer.CommitAsync(stop);
                LmtpLog.Saved(log, _header!.MessageId, "INBOX");
            }
            catch (IOException trouble)
            {
                LmtpLog.DeliveryFailed(log, trouble.Message);
                return MailboxTrouble(trouble);
            }
        }
        return refused ?? new(250, "2.0.0", "Saved");
    }

    static Reply MailboxTrouble(Exception trouble) => trouble is IOException io && Reply.From(io).Code == 452
        ? new(452, "4.2.2", "Mailbox is full") : new(451, "4.2.0", "Mailbox cannot be written");

    // RFC 5321 §4.4: final delivery adds the return path and its own trace line.
    string TraceHeader(Target target) =>
        $"Return-Path: <{mail.Sender}>\r\nDelivered-To: {target.Address}\r\n" +
        $"Received: from {mail.Client}\r\n\tby {delivery.HostName} with LMTP\r\n\tfor <{target.Address}>; {MailDate.Format(DateTimeOffset.UtcNow)}\r\n";
}

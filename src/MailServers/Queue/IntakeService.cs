using MailServers.Lmtp;
using MailServers.Queue.Store;

namespace MailServers.Queue;

/// <summary>The queue's side of LMTP: a mail is answered when it is durable, and then handed to the scheduler.</summary>
sealed class IntakeService(QueueDirectory queue, QueueSettings settings, QueueLoggers log, Action<string> accepted) : ILmtpService
{
    readonly Routing.Router _router = new(settings.Routing, settings.Origin);

    public string HostName => settings.HostName;

    public long SizeLimit => settings.MessageSizeLimit > 0 ? settings.MessageSizeLimit : long.MaxValue / 4;

    public int RecipientLimit => settings.RecipientLimit;

    public bool IsInside => true;

    public ValueTask<(Reply Reply, ILmtpTransaction? Transaction)> BeginAsync(MailCommand mail, CancellationToken stop)
    {
        // Before the disk is full: several mails may come at once, and the queue needs room to note what became of them.
        var free = queue.FreeBytes;
        if (free <= settings.MinimumFree || free <= mail.Size.GetValueOrDefault() || free <= settings.MessageSizeLimit / 2 * 3)
        {
            QueueLog.DiskFull(log.Cleanup, free);
            return new((Reply.StorageFull, null));
        }
        return new((new(250, "2.1.0", "Ok"), new Intake(queue, settings, _router, log, accepted, mail)));
    }

    sealed class Intake(QueueDirectory queue, QueueSettings settings, Routing.Router router, QueueLoggers log, Action<string> accepted, MailCommand mail) : ILmtpTransaction
    {
        readonly List<Recipient> _recipients = [];
        readonly HeaderScan _header = new();
        IncomingMessage? _message;

        public ValueTask<Reply> AddAsync(RecipientCommand recipient, CancellationToken stop)
        {
            // RFC 5321 §2.3.5 wants domains everywhere; a bare name is ours. XMAILBOX names are the user database's and stay as they are.
            _recipients.Add(new(recipient.IsMailbox ? recipient.Address : router.Complete(recipient.Address)) { Notify = recipient.Notify, Original = recipient.Original, MailboxOnly = recipient.IsMailbox });
            return new(new Reply(250, "2.1.5", "Ok"));
        }

        public ValueTask<Reply?> OpenAsync(CancellationToken stop)
        {
            try
            {
                _message = queue.Create(new(mail.Sender.Length == 0 ? "" : router.Complete(mail.Sender), queue.Now)
                {
                    Recipients = _recipients,
                    EightBit = mail.Body == "8BITMIME",
                    Utf8 = mail.Utf8,
                    Return = mail.Return,
                    EnvelopeId = mail.EnvelopeId,
                });
                return new((Reply?)null);
            }
            catch (IOException trouble)
            {
                LmtpLog.WriteFailed(log.Cleanup, trouble.Message);
                return new(Reply.From(trouble));
            }
        }

        public string? Id => _message?.Id;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken stop)
        {
            if (!_header.IsOver)
                _header.Add(text.Span);
            _message!.Write(text.Span);
            return ValueTask.CompletedTask;
        }

        public async ValueTask<IReadOnlyList<Reply>> CommitAsync(CancellationToken stop) => Enumerable.Repeat(await SaveAsync(), _recipients.Count).ToList();

        public ValueTask DisposeAsync()
        {
            _message?.Dispose();
            return ValueTask.CompletedTask;
        }

        async ValueTask<Reply> SaveAsync()
        {
            var id = _message!.Id;
            if (_header.Hops > settings.HopLimit)
            {
                QueueLog.TooManyHops(log.Cleanup, id, _header.Hops);
                return new(554, "5.4.6", "Error: too many hops");
            }
            await _message.CommitAsync();
            QueueLog.MessageId(log.Cleanup, id, _header.MessageId);
            accepted(id);
            return new(250, "2.0.0", $"Ok: queued as {id}");
        }
    }
}

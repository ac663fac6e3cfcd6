using System.Net.Sockets;
using System.Text;
using MailServers.Queue;
using MailServers.Queue.Local;
using MailServers.Queue.SmtpClient;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;

namespace MailServers.Lmtp;

/// <summary>The public LMTP server: takes mail for users that the user database knows and hands it to the queue.</summary>
sealed class RelayService(Func<string, CancellationToken, Task<UserdbAnswer>> findUser, string queuePath, string hostName, string delimiters, long sizeLimit, ILogger log) : ILmtpService
{
    public string HostName => hostName;

    public long SizeLimit => sizeLimit;

    public int RecipientLimit => 1000;

    public ValueTask<(Reply Reply, ILmtpTransaction? Transaction)> BeginAsync(MailCommand mail, CancellationToken stop) => new((new(250, "2.1.0", "Ok"), new Relay(this, mail)));

    async ValueTask<Reply> CheckAsync(string address, CancellationToken stop)
    {
        var at = MailPath.AtSign(address);
        var user = UserName.Split(MailPath.LocalPart(address), delimiters).User + (at < 0 ? "" : address[at..]);
        var answer = await findUser(user, stop);
        switch (answer.Status)
        {
            case UserdbStatus.Found:
                return new(250, "2.1.5", "OK");
            case UserdbStatus.NotFound:
                return new(550, "5.1.1", $"<{address}> User doesn't exist: {user}");
            default:
                LmtpLog.DeliveryFailed(log, answer.Reason ?? "the user database failed");
                return new(451, "4.3.0", $"<{address}> Temporary internal error");
        }
    }

    sealed class Relay(RelayService service, MailCommand mail) : ILmtpTransaction
    {
        static readonly TimeSpan _timeout = TimeSpan.FromMinutes(5);

        readonly List<RecipientCommand> _recipients = [];
        Reply?[] _replies = [];
        ClientSession? _queue;

        public async ValueTask<Reply> AddAsync(RecipientCommand recipient, CancellationToken stop)
        {
            var reply = await service.CheckAsync(recipient.Address, stop);
            if (reply.IsPositive)
                _recipients.Add(recipient);
            return reply;
        }

        public async ValueTask<Reply?> OpenAsync(CancellationToken stop)
        {
            _replies = new Reply?[_recipients.Count];
            try
            {
                _queue = new(new Connection(await UnixSockets.ConnectAsync(service.QueuePath, stop)), "queue");
                await _queue.ExpectGreetingAsync(_timeout, stop);
                await _queue.HelloAsync("LHLO", service.HostName, _timeout, stop);
                if (await _queue.CommandAsync(Mail(), "sending MAIL FROM", _timeout, stop) is { IsPositive: false } refused)
                    return From(refused);
                foreach (var recipient in _recipients)
                    _queue.Write(To(recipient));
                await _queue.FlushAsync(stop);
                for (var i = 0; i < _replies.Length; i++)
                {
                    if (await _queue.ReadReplyAsync(_timeout, stop) is { IsPositive: false } no)
                        _replies[i] = From(no);
                }
                if (Array.TrueForAll(_replies, r => r is not null))
                    return _replies[0];
                if (await _queue.CommandAsync("DATA", "sending DATA", _timeout, stop) is { Code: not 354 } unwilling)
                    return From(unwilling);
                await _queue.WriteTextAsync(Encoding.UTF8.GetBytes(Trace()), stop);
                return null;
            }
            catch (Exception trouble) when (trouble is IOException or SocketException)
            {
                LmtpLog.DeliveryFailed(service.Logger, trouble.Message);
                return new(451, "4.3.0", "Temporary internal error");
            }
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken stop) => await _queue!.WriteTextAsync(text, stop);

        public async ValueTask<IReadOnlyList<Reply>> CommitAsync(CancellationToken stop)
        {
            await _queue!.EndTextAsync(stop);
            for (var i = 0; i < _replies.Length; i++)
                _replies[i] ??= From(await _queue.ReadReplyAsync(_timeout, stop));
            return [.. _replies.Select((r, i) => r!.Value with { Text = $"<{_recipients[i].Address}> {r.Value.Text}" })];
        }

        public ValueTask DisposeAsync() => _queue?.Connection.DisposeAsync() ?? ValueTask.CompletedTask;

        string Mail() => $"MAIL FROM:<{mail.Sender}>{(mail.Body is { } body ? $" BODY={body}" : "")}{(mail.Utf8 ? " SMTPUTF8" : "")}"
            + $"{(mail.Return is { } ret ? $" RET={ret}" : "")}{(mail.EnvelopeId is { } id ? $" ENVID={id}" : "")}";

        // RFC 5321 §4.4: whoever takes a mail says where from.
        string Trace() => $"Received: from {mail.Client}\r\n\tby {service.HostName} with LMTP; {MailDate.Format(DateTimeOffset.UtcNow)}\r\n";

        // XMAILBOX: the user database has said yes; the queue must not send the mail to that domain's MX.
        static string To(RecipientCommand recipient) => $"RCPT TO:<{recipient.Address}> XMAILBOX"
            + $"{(recipient.Notify is { } notify ? $" NOTIFY={notify}" : "")}{(recipient.Original is { } original ? $" ORCPT={original}" : "")}";

        static Reply From(ClientReply reply) => new(reply.Code, reply.Status, ClientReply.WithoutCodes(reply.Text));
    }

    string QueuePath => queuePath;

    ILogger Logger => log;
}

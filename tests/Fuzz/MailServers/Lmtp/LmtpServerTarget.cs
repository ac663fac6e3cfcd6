using MailServers.Lmtp;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Hosting.Net;

namespace Fuzz;

/// <summary>An LMTP dialogue: every reply has its code, and after the end of a text there is one for each recipient that was accepted (RFC 2033 §4.2).</summary>
static class LmtpServerTarget
{
    public static readonly string[] Seeds =
    [
        "LHLO c\r\nMAIL FROM:<a@b> SIZE=5 BODY=8BITMIME RET=HDRS ENVID=x\r\nRCPT TO:<c@d> NOTIFY=NEVER ORCPT=rfc822;x\r\nRCPT TO:<e@f>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n", "LHLO\r\nHELO x\r\nNOOP\r\nVRFY x\r\nRSET\r\nDATA\r\nRCPT TO:<\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\n",
        "LHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<a>\r\nRSET\r\nMAIL FROM:<@a:b@c> AUTH=<>\r\nRCPT TO:<refused@x>\r\nDATA\r\n", "LHLO c\nMAIL FROM:<\"a b\"@c>\nRCPT TO:<x>\nDATA\n.\r\n.\nx\r\n.\r\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var service = new Service();
        var output = Session.Play(async (socket, stop) =>
        {
            await using var connection = new Connection(socket);
            await new LmtpServer(connection, service, NullLogger.Instance).RunAsync(stop);
        }, input);
        foreach (var line in output.Split("\r\n")[..^1])
            Check.That(line.Length >= 4 && line[0] is >= '2' and <= '5' && char.IsAsciiDigit(line[1]) && char.IsAsciiDigit(line[2]) && line[3] is ' ' or '-' && line.AsSpan().IndexOfAny('\r', '\n', '\0') < 0, $"the reply {line}");
        Check.Same(service.Committed, output.Split(Service.Saved).Length - 1, "replies after texts");
    }

    sealed class Service : ILmtpService
    {
        public const string Saved = "250 2.0.0 saved-by-the-fuzz-service";

        public string HostName => "mx.example.com";

        public long SizeLimit => 8000;

        public int RecipientLimit => 5;

        public int Committed { get; private set; }

        public ValueTask<(Reply Reply, ILmtpTransaction? Transaction)> BeginAsync(MailCommand mail, CancellationToken stop)
        {
            Check.IsOneLine(mail.Sender + mail.EnvelopeId + mail.Client, "MAIL");
            return new((new Reply(250, "2.1.0", "Ok"), new Transaction(this)));
        }

        sealed class Transaction(Service service) : ILmtpTransaction
        {
            int _recipients;

            public ValueTask<Reply> AddAsync(RecipientCommand recipient, CancellationToken stop)
            {
                Check.IsOneLine(recipient.Address + recipient.Original + recipient.Notify, "RCPT");
                if (recipient.Address.StartsWith("refused", StringComparison.Ordinal))
                    return new(new Reply(550, "5.1.1", "no"));
                _recipients++;
                return new(new Reply(250, "2.1.5", "Ok"));
            }

            public ValueTask<Reply?> OpenAsync(CancellationToken stop) => default;

            public ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken stop) => default;

            public ValueTask<IReadOnlyList<Reply>> CommitAsync(CancellationToken stop)
            {
                service.Committed += _recipients;
                return new(Enumerable.Repeat(new Reply(250, "2.0.0", Saved[10..]), _recipients).ToList());
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}

using MailServers.Lmtp;
using MailServers.Queue;
using MailServers.Queue.Store;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Testing;

namespace MailServers.Tests.Smtp;

/// <summary>smtpd against the house's own queue.</summary>
public class QueueHandInTests
{
    [Fact]
    public async Task What_was_acknowledged_is_in_the_queue()
    {
        using var directory = new TemporaryDirectory();
        using var store = QueueDirectory.Open(directory["spool"], TimeProvider.System);
        var log = new CapturedLog();
        var accepted = new List<string>();
        var intake = new IntakeService(store, new QueueSettings(), new QueueLoggers(log, log, log, log, log, log), accepted.Add);
        using var listener = UnixSockets.Listen(directory["queue"], 0x180);
        using var stop = new CancellationTokenSource();
        var accepting = new Acceptor(listener, 10, async (socket, token) =>
        {
            await using var connection = new Connection(socket);
            await new LmtpServer(connection, intake, log).RunAsync(token);
        }).RunAsync(stop.Token);
        await using var server = new SmtpTestServer(queuePath: directory["queue"]);
        await server.PlayAsync("""
            S: 220 *
            C: HELO c
            S: 250 *
            C: MAIL FROM:<"odd name"@example.net> SIZE=10 BODY=8BITMIME
            S: 250 *
            C: RCPT TO:<user1@example.com>
            S: 250 *
            C: RCPT TO:<"user 2"@example.com>
            S: 250 *
            C: DATA
            S: 354 *
            C: Subject: hello
            C: 
            C: ..
            C: text
            C: .
            S: 250 2.0.0 Ok: queued as *
            C: QUIT
            S: 221 *
            """);
        Assert.Equal(3, accepted.Count);
        foreach (var id in accepted)
        {
            var message = store.Load(id, out var damaged);
            Assert.False(damaged);
            Assert.Equal("\"odd name\"@example.net", message!.Envelope.Sender);
            Assert.Equal(["user1@example.com", "\"user 2\"@example.com"], message.Recipients.Select(r => r.Address));
            using var text = store.OpenText(message);
            var content = await new StreamReader(text).ReadToEndAsync();
            Assert.Contains($" with SMTP id {id};\r\n", content);
            Assert.EndsWith("\r\nSubject: hello\r\n\r\n.\r\ntext\r\n", content);
            Assert.Contains($"{id}: client=client.example.net[192.0.2.1]", server.Log.Lines);
        }
        await stop.CancelAsync();
        await accepting;
    }
}

using MailServers.Lmtp;
using MailServers.Queue;
using MailServers.Queue.Store;
using Sasl.Hosting.Net;
using Testing;

namespace MailServers.Tests.Queue;

public sealed class IntakeServiceTests
{
    static async Task PlayAsync(string script, QueueSettings? settings = null, Action<QueueDirectory, LogLines>? afterwards = null)
    {
        using var directory = new TemporaryDirectory();
        using var queue = QueueDirectory.Open(directory["spool"], TimeProvider.System);
        var log = new LogLines();
        var intake = new IntakeService(queue, settings ?? new QueueSettings { HostName = "mx.example.org" }, log.Loggers, static _ => { });
        await Dialogue.PlayAsync(async (socket, stop) =>
        {
            await using var connection = new Connection(socket);
            await new LmtpServer(connection, intake, log.Named("lmtp")).RunAsync(stop);
        }, script);
        Assert.Empty(Directory.GetFiles(directory["spool/incoming"]));
        afterwards?.Invoke(queue, log);
    }

    [Fact]
    public Task One_reply_per_recipient_after_the_text() => PlayAsync("""
        S: 220 mx.example.org LMTP
        C: LHLO client
        S: 250-mx.example.org
        S: 250-PIPELINING
        S: 250-ENHANCEDSTATUSCODES
        S: 250-8BITMIME
        S: 250-SMTPUTF8
        S: 250-DSN
        S: 250 SIZE 10240000
        C: MAIL FROM:<a@example.org> SIZE=20 BODY=8BITMIME RET=HDRS ENVID=x1
        C: RCPT TO:<b@example.org> NOTIFY=NEVER
        C: RCPT TO:<c@example.org> ORCPT=rfc822;c@example.org
        C: DATA
        S: 250 2.1.0 Ok
        S: 250 2.1.5 Ok
        S: 250 2.1.5 Ok
        S: 354 End data with <CR><LF>.<CR><LF>; id *
        C: Message-ID: <m1@example.org>
        C:
        C: ..dot
        C: .
        S: 250 2.0.0 Ok: queued as *
        S: 250 2.0.0 Ok: queued as *
        C: QUIT
        S: 221 2.0.0 Bye
        S: [closed]
        """, afterwards: (queue, log) =>
    {
        var all = queue.Scan().ToArray();
        Assert.Equal(3, all.Length);
        foreach (var (id, _, _) in all)
        {
            var message = queue.Load(id, out _)!;
            Assert.Equal(["b@example.org", "c@example.org"], message.Recipients.Select(r => r.Address));
            Assert.Equal(("a@example.org", "HDRS", "x1", true), (message.Envelope.Sender, message.Envelope.Return, message.Envelope.EnvelopeId, message.Envelope.EightBit));
            Assert.Equal("NEVER", message.Recipients[0].Notify);
            Assert.Equal("Message-ID: <m1@example.org>\r\n\r\n.dot\r\n", new StreamReader(queue.OpenText(message)).ReadToEnd());
            Assert.True(log.Has($"cleanup: {id}: message-id=<m1@example.org>"));
        }
    });

    [Fact]
    public Task Commands_out_of_order_and_bad_ones_are_answered_and_leave_nothing() => PlayAsync("""
        S: 220 *
        C: MAIL FROM:<a@b>
        S: 503 5.5.1 Error: send LHLO first
        C: EHLO x
        S: 500 5.5.1 This is LMTP, say LHLO
        C: LHLO
        S: 501 5.5.4 Syntax: LHLO hostname
        C: LHLO x
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250 SIZE *
        C: RCPT TO:<a@b>
        S: 503 5.5.1 Error: need MAIL command
        C: MAIL FROM:<a@b> FOO=1
        S: 555 5.5.4 Unsupported option
        C: MAIL FROM:<a@b> SIZE=99999999999
        S: 552 5.3.4 Message size exceeds fixed limit
        C: MAIL FROM:a b
        S: 501 5.1.7 Bad sender address syntax
        C: MAIL FROM:<>
        S: 250 2.1.0 Ok
        C: DATA
        S: 503 5.5.1 Error: no valid recipients
        C: RSET
        S: 250 2.0.0 Ok
        C: QUIT
        S: 221 2.0.0 Bye
        """, afterwards: (queue, _) => Assert.Empty(queue.Scan()));

    [Fact]
    public Task A_connection_that_breaks_in_the_text_leaves_nothing() => PlayAsync("""
        S: 220 *
        C: LHLO x
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250 SIZE *
        C: MAIL FROM:<a@b>
        C: RCPT TO:<c@d>
        C: DATA
        S: 250 2.1.0 Ok
        S: 250 2.1.5 Ok
        S: 354 *
        C: half a mess
        """, afterwards: (queue, log) =>
    {
        Assert.Empty(queue.Scan());
        Assert.True(log.Has("lmtp: lost connection after DATA"));
    });

    [Fact]
    public Task A_message_that_is_too_big_is_refused_for_everybody() => PlayAsync($"""
        S: 220 *
        C: LHLO x
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250 SIZE 100
        C: MAIL FROM:<a@b>
        C: RCPT TO:<c@d>
        C: RCPT TO:<e@d>
        C: DATA
        S: 250 2.1.0 Ok
        S: 250 2.1.5 Ok
        S: 250 2.1.5 Ok
        S: 354 *
        C: {new string('x', 200)}
        C: .
        S: 552 5.3.4 Error: message file too big
        S: 552 5.3.4 Error: message file too big
        C: NOOP
        S: 250 2.0.0 Ok
        """, new QueueSettings { MessageSizeLimit = 100 }, (queue, _) => Assert.Empty(queue.Scan()));

    [Fact]
    public Task Loop_a_message_that_came_through_too_many_servers_is_refused() => PlayAsync("""
        S: 220 *
        C: LHLO x
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250 SIZE *
        C: MAIL FROM:<a@b>
        C: RCPT TO:<c@d>
        C: DATA
        S: 250 2.1.0 Ok
        S: 250 2.1.5 Ok
        S: 354 *
        C: Received: one
        C: received: two
        C: Received: three
        C:
        C: Received: not a header any more
        C: .
        S: 554 5.4.6 Error: too many hops
        """, new QueueSettings { HopLimit = 2 }, (queue, _) => Assert.Empty(queue.Scan()));

    [Fact]
    public Task Ten_errors_end_the_dialogue() => PlayAsync($"""
        S: 220 *
        {string.Join('\n', Enumerable.Repeat("C: FOO\nS: 502 5.5.2 *", 10))}
        S: 421 4.7.0 *too many errors
        S: [closed]
        """);
}

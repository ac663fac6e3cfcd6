using Testing;

namespace MailServers.Tests.Smtp.Commands;

public class DataCommandTests
{
    const string Envelope = """
        S: 220 *
        C: HELO c
        S: 250 *
        C: MAIL FROM:<bob@example.net>
        S: 250 *
        C: RCPT TO:<user1@example.com>
        S: 250 *

        """;

    [Fact]
    public async Task Too_big_is_refused_and_the_session_goes_on()
    {
        await using var server = new SmtpTestServer(s => s with { MessageSizeLimit = 100 });
        await server.PlayAsync(Envelope + $"C: DATA\nS: 354 *\nC: {new string('x', 200)}\nC: .\nS: 552 5.3.4 Error: message file too big\nC: NOOP\nS: 250 *\n");
        Assert.Empty(server.Queue.Mails);
    }

    [Fact]
    public async Task Too_many_hops_is_a_loop()
    {
        await using var server = new SmtpTestServer(s => s with { HopCountLimit = 3 });
        await server.PlayAsync(Envelope + "C: DATA\nS: 354 *\nC: Received: 1\nC: Received: 2\nC: \nC: text\nC: .\nS: 554 5.4.0 Error: too many hops\n");
        Assert.Empty(server.Queue.Mails);
        await server.PlayAsync(Envelope + "C: DATA\nS: 354 *\nC: Received: 1\nC: \nC: Received: 2\nC: Received: 3\nC: .\nS: 250 *\n");
    }

    [Fact]
    public async Task Arguments_are_refused()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync(Envelope + "C: DATA now\nS: 501 5.5.4 Syntax: DATA\nC: DATA\nS: 354 *\nC: .\nS: 250 *\n");
    }

    [Fact]
    public async Task Without_a_queue_nothing_is_accepted_and_nothing_lost()
    {
        await using var server = new SmtpTestServer();
        server.StopQueue();
        await server.PlayAsync(Envelope + "C: DATA\nS: 451 4.3.0 Error: queue file write error\n");
        Assert.Contains(server.Log.Lines, l => l.StartsWith("warning: the queue did not take a message: connect to "));
    }

    [Fact]
    public async Task A_queue_that_refuses_is_obeyed()
    {
        await using var server = new SmtpTestServer();
        server.Queue.FinalReply = "452 4.3.1 Insufficient system storage";
        await server.PlayAsync(Envelope + "C: DATA\nS: 354 *\nC: text\nC: .\nS: 452 4.3.1 Insufficient system storage\n");
        server.Queue.FinalReply = "451 4.3.0 some inner detail";
        await server.PlayAsync(Envelope + "C: DATA\nS: 354 *\nC: text\nC: .\nS: 451 4.3.0 Error: queue file write error\n");
        server.Queue.FinalReply = null;
        server.Queue.RecipientReply = "550 5.1.1 no";
        await server.PlayAsync(Envelope + "C: DATA\nS: 451 4.3.0 Error: queue file write error\n");
    }

    [Fact]
    public async Task A_queue_that_dies_at_the_end_means_451()
    {
        await using var server = new SmtpTestServer();
        server.Queue.DiesAtTheEnd = true;
        await server.PlayAsync(Envelope + "C: DATA\nS: 354 *\nC: text\nC: .\nS: 451 4.3.0 Error: queue file write error\nC: QUIT\nS: 221 *\n");
        Assert.Empty(server.Queue.Mails);
    }

    [Fact]
    public async Task Bcc_does_not_travel()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync(Envelope + "C: DATA\nS: 354 *\nC: To: a\nC: Bcc: b\nC: \nC: text\nC: .\nS: 250 *\n");
        Assert.All(server.Queue.Mails, m => Assert.EndsWith("\r\nTo: a\r\n\r\ntext\r\n", m.Text));
    }

    [Fact]
    public async Task A_client_on_our_own_address_gets_missing_fields()
    {
        await using var server = new SmtpTestServer { Client = new("localhost", System.Net.IPAddress.Loopback, 1) };
        await server.PlayAsync(Envelope + "C: DATA\nS: 354 *\nC: Subject: x\nC: \nC: text\nC: .\nS: 250 *\n", Pace.Whole);
        Assert.Matches("\r\nSubject: x\r\nMessage-Id: <\\d{14}\\.[0-9A-Za-z]{10}@mail.example.com>\r\nDate: [^\r]+\r\nFrom: bob@example.net\r\n\r\ntext\r\n$", server.LastMail.Text);
    }

    [Fact]
    public async Task A_queue_without_room_means_452_before_the_text()
    {
        await using var server = new SmtpTestServer();
        server.Queue.MailReply = "452 4.3.1 Insufficient system storage";
        await server.PlayAsync(Envelope + "C: DATA\nS: 452 4.3.1 Insufficient system storage\nC: QUIT\nS: 221 *\n");
    }
}

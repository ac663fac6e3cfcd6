using System.Net.Sockets;
using MailServers.Smtp;
using Sasl.Hosting.Unix;
using Testing;

namespace MailServers.Tests.Smtp;

public class LocalSubmissionTests
{
    [Fact]
    public async Task The_sendmail_socket_needs_no_permission_and_names_the_uid()
    {
        await using var server = new SmtpTestServer(s => s with { RecipientRestrictions = ["reject"], TlsLevel = TlsLevel.Encrypt, HeloRequired = true });
        using var directory = new TemporaryDirectory();
        using var listener = UnixSockets.Listen(directory["sendmail"], 0x1B6);
        var host = new SmtpHost(server.Server, null);
        using var client = await UnixSockets.ConnectAsync(directory["sendmail"], CancellationToken.None);
        var serving = host.ServeLocalAsync(await listener.AcceptAsync(), CancellationToken.None);
        using var stream = new NetworkStream(client);
        await Dialogue.PlayAsync(stream, """
            S: 220 *
            C: EHLO localhost
            S: 250-mail.example.com
            S: 250-PIPELINING
            S: 250-SIZE 10240000
            S: 250-VRFY
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250-DSN
            S: 250 CHUNKING
            C: MAIL FROM:<root>
            C: RCPT TO:<user1>
            C: RCPT TO:<far@away.test>
            C: DATA
            S: 250 2.1.0 Ok
            S: 250 2.1.5 Ok
            S: 250 2.1.5 Ok
            S: 354 *
            C: Subject: hi
            C: 
            C: text
            C: .
            S: 250 2.0.0 Ok: queued as Q1
            C: QUIT
            S: 221 *
            S: [closed]
            """, Pace.Whole);
        await serving;
        var mail = server.LastMail;
        Assert.Equal("MAIL FROM:<root@example.com>", mail.Mail);
        Assert.Equal(["<user1@example.com>", "<far@away.test>"], mail.Recipients);
        Assert.StartsWith($"Received: by mail.example.com (Postfix, from userid {Identity.EffectiveUid})\r\n\tid ", mail.Text);
        Assert.Contains("\r\nSubject: hi\r\nMessage-Id: <", mail.Text);
        Assert.Contains("\r\nFrom: root@example.com\r\n\r\ntext\r\n", mail.Text);
        Assert.Equal([$"Q1: uid={Identity.EffectiveUid} from=<root>"], server.Log.Lines);
    }
}

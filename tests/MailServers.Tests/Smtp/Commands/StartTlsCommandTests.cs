using System.Net.Security;
using System.Text;
using MailServers.Smtp;
using Testing;

namespace MailServers.Tests.Smtp.Commands;

public class StartTlsCommandTests
{
    static async Task<SslStream> TlsAsync(Stream stream)
    {
        var tls = new SslStream(stream, false, static (_, certificate, _, _) => certificate?.Subject == "CN=mail.example.com");
        await tls.AuthenticateAsClientAsync("mail.example.com").WaitAsync(TimeSpan.FromSeconds(20));
        return tls;
    }

    [Fact]
    public async Task Everything_learnt_before_is_forgotten()
    {
        await using var server = new SmtpTestServer(s => s with { TlsReceivedHeader = true, TlsLogLevel = 1 }, auth: true, tls: true);
        await using var client = await SmtpTestClient.ConnectAsync(server.Listen());
        await client.PlayAsync("""
            C: EHLO c
            S: 250-mail.example.com
            S: 250-PIPELINING
            S: 250-SIZE 10240000
            S: 250-VRFY
            S: 250-STARTTLS
            S: 250-AUTH PLAIN LOGIN
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250-DSN
            S: 250 CHUNKING
            C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
            S: 235 *
            C: MAIL FROM:<a@b>
            S: 250 *
            C: STARTTLS now
            S: 501 5.5.4 Syntax: STARTTLS
            C: STARTTLS
            S: 220 2.0.0 Ready to start TLS
            """);
        await using var tls = await TlsAsync(client.Stream);
        await Dialogue.PlayAsync(tls, """
            C: RCPT TO:<user1@example.com>
            S: 503 5.5.1 Error: need MAIL command
            C: EHLO c
            S: 250-mail.example.com
            S: 250-PIPELINING
            S: 250-SIZE 10240000
            S: 250-VRFY
            S: 250-AUTH PLAIN LOGIN
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250-DSN
            S: 250 CHUNKING
            C: STARTTLS
            S: 554 5.5.1 Error: TLS already active
            C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
            S: 235 2.7.0 Authentication successful
            C: MAIL FROM:<user1@example.com>
            C: RCPT TO:<far@away.test>
            C: DATA
            S: 250 *
            S: 250 *
            S: 354 *
            C: .
            S: 250 *
            C: QUIT
            S: 221 2.0.0 Bye
            S: [closed]
            """, Pace.ByLine);
        Assert.Contains(" with ESMTPSA id ", server.LastMail.Text);
        Assert.Contains("\t(using TLSv1.3 with cipher TLS_", server.LastMail.Text);
        Assert.Contains(server.Log.Lines, l => l.StartsWith("Anonymous TLS connection established from client.example.net[192.0.2.1]: TLSv1.3 with cipher TLS_"));
    }

    [Fact]
    public async Task Injected_plaintext_behind_starttls_ends_the_session()
    {
        await using var server = new SmtpTestServer(tls: true);
        await server.PlayAsync("""
            S: 220 *
            C: HELO c
            S: 250 *
            C: STARTTLS
            C: MAIL FROM:<evil@example.net>
            S: 554 5.5.0 Error: SMTP protocol synchronization
            S: [closed]
            """, Pace.Whole);
        Assert.Contains(server.Log.Lines, l => l.StartsWith("improper command pipelining after STARTTLS from client.example.net[192.0.2.1]: MAIL"));
    }

    [Fact]
    public async Task Injected_plaintext_before_a_real_handshake_is_never_executed()
    {
        // CVE-2011-0411: the man in the middle adds a command behind STARTTLS, the client then does its handshake.
        await using var server = new SmtpTestServer(s => s with { ForbidUnauthPipelining = false }, tls: true);
        await using var client = await SmtpTestClient.ConnectAsync(server.Listen());
        await client.PlayAsync("C: EHLO c\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250 *\n");
        await client.Stream.WriteAsync(Encoding.ASCII.GetBytes("STARTTLS\r\nRSET\r\n"));
        await client.PlayAsync("S: 554 5.5.0 Error: SMTP protocol synchronization\nS: [closed]\n");
    }

    [Fact]
    public async Task Mandatory_tls_refuses_everything_else_before_it()
    {
        await using var server = new SmtpTestServer(s => s with { TlsLevel = TlsLevel.Encrypt }, auth: true, tls: true);
        await server.PlayAsync("""
            S: 220 *
            C: HELO c
            S: 250 *
            C: MAIL FROM:<a@b>
            S: 530 5.7.0 Must issue a STARTTLS command first
            C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
            S: 530 5.7.0 Must issue a STARTTLS command first
            C: RSET
            S: 530 5.7.0 Must issue a STARTTLS command first
            C: NOOP
            S: 250 2.0.0 Ok
            C: HELP
            S: 214 *
            C: QUIT
            S: 221 *
            """);
    }

    [Fact]
    public async Task Without_a_certificate_it_is_not_offered_and_454()
    {
        await using var server = new SmtpTestServer(s => s with { TlsLevel = TlsLevel.May });
        await server.PlayAsync("""
            S: 220 *
            C: HELO c
            S: 250 *
            C: STARTTLS
            S: 454 4.7.0 TLS not available due to local problem
            """);
    }

    [Fact]
    public async Task Wrapper_mode_begins_with_tls()
    {
        await using var server = new SmtpTestServer(s => s with { TlsWrapperMode = true, TlsAuthOnly = true }, auth: true, tls: true);
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(System.Net.IPAddress.Loopback, server.Listen());
        await using var tls = await TlsAsync(new System.Net.Sockets.NetworkStream(socket, ownsSocket: true));
        await Dialogue.PlayAsync(tls, "S: 220 *\nC: HELO c\nS: 250 *\nC: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nS: 235 *\nC: QUIT\nS: 221 *\nS: [closed]\n", Pace.Whole);
    }

    [Fact]
    public async Task A_client_that_never_shakes_hands_is_let_go()
    {
        await using var server = new SmtpTestServer(s => s with { StartTlsTimeout = TimeSpan.FromMilliseconds(300) }, tls: true);
        await server.PlayAsync("S: 220 *\nC: HELO c\nS: 250 *\nC: STARTTLS\nS: 220 2.0.0 Ready to start TLS\nS: [closed]\n", Pace.Whole);
        Assert.Contains("SSL_accept error from client.example.net[192.0.2.1]: Connection timed out", server.Log.Lines);
    }

    [Fact]
    public async Task A_handshake_that_is_none_is_let_go()
    {
        await using var server = new SmtpTestServer(tls: true);
        await using var client = await SmtpTestClient.ConnectAsync(server.Listen());
        await client.PlayAsync("C: HELO c\nS: 250 *\nC: STARTTLS\nS: 220 *\nC: EHLO again in the clear\n");
        await Eventually.TrueAsync(() => server.Log.Lines.Contains("SSL_accept error from client.example.net[192.0.2.1]: -1"), "the line");
    }
}

using System.Net;
using MailServers.Smtp;
using Testing;

namespace MailServers.Tests.Smtp;

public class SmtpSessionTests
{
    [Fact]
    public async Task A_mail_goes_to_the_queue()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync("""
            S: 220 mail.example.com ESMTP Postfix
            C: EHLO client.example.net
            S: 250-mail.example.com
            S: 250-PIPELINING
            S: 250-SIZE 10240000
            S: 250-VRFY
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250-DSN
            S: 250 CHUNKING
            C: MAIL FROM:<bob@example.net> SIZE=100 BODY=8BITMIME
            C: RCPT TO:<user1@example.com>
            C: DATA
            S: 250 2.1.0 Ok
            S: 250 2.1.5 Ok
            S: 354 End data with <CR><LF>.<CR><LF>
            C: Subject: hello
            C: 
            C: ..dot
            C: text
            C: .
            S: 250 2.0.0 Ok: queued as Q*
            C: QUIT
            S: 221 2.0.0 Bye
            S: [closed]
            """);
        Assert.Equal(3, server.Queue.Mails.Count);
        var mail = server.LastMail;
        Assert.Equal("MAIL FROM:<bob@example.net> BODY=8BITMIME SIZE=100", mail.Mail);
        Assert.Equal(["<user1@example.com>"], mail.Recipients);
        Assert.Matches("^Received: from client.example.net \\(client.example.net \\[192.0.2.1\\]\\)\r\n"
            + "\tby mail.example.com \\(Postfix\\) with ESMTP id [0-9A-Za-z]{10}\r\n"
            + "\tfor <user1@example.com>; [A-Z][a-z]{2}, [ 0-9]\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}( \\(UTC\\))?\r\n"
            + "Subject: hello\r\n\r\n.dot\r\ntext\r\n$", mail.Text);
        Assert.Contains("connect from client.example.net[192.0.2.1]", server.Log.Lines);
        Assert.Contains("Q1: client=client.example.net[192.0.2.1]", server.Log.Lines);
        Assert.Contains("disconnect from client.example.net[192.0.2.1] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5", server.Log.Lines);
    }

    [Fact]
    public async Task Telnet_without_brackets_in_lower_case()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync("""
            S: 220 mail.example.com ESMTP Postfix
            C: helo mail.example.com
            S: 250 mail.example.com
            C: mail from:user1@example.com
            S: 250 2.1.0 Ok
            C: rcpt to:user2@example.com
            S: 250 2.1.5 Ok
            C: data
            S: 354 End data with <CR><LF>.<CR><LF>
            C: just text
            C: .
            S: 250 2.0.0 Ok: queued as Q*
            C: quit
            S: 221 2.0.0 Bye
            S: [closed]
            """);
        Assert.EndsWith("\r\n\r\njust text\r\n", server.LastMail.Text);
        Assert.Contains("with SMTP id ", server.LastMail.Text);
    }

    [Fact]
    public async Task Two_mails_on_one_connection_and_a_bounce()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync("""
            S: 220 *
            C: EHLO c
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250 *
            C: MAIL FROM:<>
            C: RCPT TO:<a@example.com>
            C: RCPT TO:<b@relay.test>
            C: DATA
            S: 250 2.1.0 Ok
            S: 250 2.1.5 Ok
            S: 250 2.1.5 Ok
            S: 354 *
            C: .
            S: 250 2.0.0 Ok: queued as *
            C: MAIL FROM:<x@example.net>
            C: RCPT TO:<a@example.com>
            C: DATA
            S: 250 2.1.0 Ok
            S: 250 2.1.5 Ok
            S: 354 *
            C: .
            S: 250 2.0.0 Ok: queued as *
            C: QUIT
            S: 221 2.0.0 Bye
            """);
        Assert.Contains(server.Queue.Mails, m => m.Mail == "MAIL FROM:<>" && m.Recipients.SequenceEqual(["<a@example.com>", "<b@relay.test>"]));
        Assert.DoesNotContain(server.Queue.Mails, m => m.Recipients.Count == 2 && m.Text.Contains("for <"));
    }

    [Theory]
    [InlineData("FOO", "500 5.5.2 Error: command not recognized")]
    [InlineData("EXPN list", "500 5.5.2 Error: command not recognized")]
    [InlineData("", "500 5.5.2 Error: bad syntax")]
    [InlineData("   ", "500 5.5.2 Error: bad syntax")]
    [InlineData("HELO", "501 Syntax: HELO hostname")]
    [InlineData("EHLO", "501 Syntax: EHLO hostname")]
    [InlineData("RSET now", "501 5.5.4 Syntax: RSET")]
    [InlineData("RSET", "250 2.0.0 Ok")]
    [InlineData("NOOP whatever", "250 2.0.0 Ok")]
    [InlineData("DATA", "503 5.5.1 Error: need RCPT command")]
    [InlineData("RCPT TO:<a@example.com>", "503 5.5.1 Error: need MAIL command")]
    [InlineData("MAIL", "501 5.5.4 Syntax: MAIL FROM:<address>")]
    [InlineData("MAIL FROM:", "501 5.5.4 Syntax: MAIL FROM:<address>")]
    [InlineData("MAIL TO:<a@b>", "501 5.5.4 Syntax: MAIL FROM:<address>")]
    [InlineData("MAIL FROM:<a b@c>", "501 5.1.7 Bad sender address syntax")]
    [InlineData("MAIL FROM:<@>", "501 5.1.7 Bad sender address syntax")]
    [InlineData("MAIL FROM:<a@b> SIZE=x", "501 5.5.4 Bad message size syntax")]
    [InlineData("MAIL FROM:<a@b> SIZE=99999999", "552 5.3.4 Message size exceeds fixed limit")]
    [InlineData("MAIL FROM:<a@b> SIZE=99999999999999999999", "552 5.3.4 Message size exceeds file system imposed limit")]
    [InlineData("MAIL FROM:<a@b> BODY=BINARYMIME", "555 5.5.4 Unsupported option: BODY=BINARYMIME")]
    [InlineData("MAIL FROM:<a@b> SMTPUTF8", "555 5.5.4 Unsupported option: SMTPUTF8")]
    [InlineData("MAIL FROM:<a@b> RET=HDRS", "250 2.1.0 Ok")]
    [InlineData("MAIL FROM:<jürgen@example.net>", "553 5.6.7 Must declare SMTPUTF8 to send unicode address")]
    [InlineData("MAIL FROM: <a@b>", "250 2.1.0 Ok")]
    [InlineData("MAIL FROM:<a@b> size=5 body=7bit", "250 2.1.0 Ok")]
    [InlineData("STARTTLS", "502 5.5.1 Error: command not implemented")]
    [InlineData("AUTH PLAIN", "503 5.5.1 Error: authentication not enabled")]
    [InlineData("VRFY", "501 5.5.4 Syntax: VRFY address")]
    [InlineData("VRFY user1", "252 2.0.0 user1")]
    [InlineData("VRFY someone@else.test", "454 4.7.1 <someone@else.test>: Relay access denied")]
    [InlineData("ETRN", "500 Syntax: ETRN domain")]
    [InlineData("HELP", "214 2.0.0 Commands: HELO EHLO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY ETRN QUIT HELP")]
    [InlineData("BDAT", "521 5.5.4 Syntax: BDAT count [LAST]")]
    [InlineData("BDAT 0 LAST", "503 5.5.1 Error: need RCPT command")]
    [InlineData("GET / HTTP/1.1", "221 2.7.0 Error: I can break rules, too. Goodbye.")]
    [InlineData("POST /x", "221 2.7.0 Error: I can break rules, too. Goodbye.")]
    [InlineData("CONNECT mail:25", "221 2.7.0 Error: I can break rules, too. Goodbye.")]
    [InlineData("Host: mail.example.com", "221 2.7.0 Error: I can break rules, too. Goodbye.")]
    [InlineData("{\"json\": 1}", "221 2.7.0 Error: I can break rules, too. Goodbye.")]
    public async Task One_command_one_reply(string command, string reply)
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync($"S: 220 *\nC: {command}\nS: {reply}\n", Pace.Whole);
    }

    [Fact]
    public async Task Orders_that_are_wrong()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync("""
            S: 220 *
            C: HELO c
            S: 250 mail.example.com
            C: MAIL FROM:<a@example.net>
            S: 250 2.1.0 Ok
            C: MAIL FROM:<a@example.net>
            S: 503 5.5.1 Error: nested MAIL command
            C: RCPT TO:
            S: 501 5.5.4 Syntax: RCPT TO:<address>
            C: RCPT TO:<>
            S: 501 5.1.3 Bad recipient address syntax
            C: RCPT TO:<-oQ/tmp@example.com>
            S: 501 5.1.3 Bad recipient address syntax
            C: RCPT TO:<a@example.com> NOTIFY=NEVER,DELAY
            S: 501 5.5.4 Error: Bad NOTIFY parameter syntax
            C: RCPT TO:<a@example.com> FOO
            S: 555 5.5.4 Unsupported option: FOO
            C: DATA
            S: 554 5.5.1 Error: no valid recipients
            C: RCPT TO:<a@elsewhere.test>
            S: 454 4.7.1 <a@elsewhere.test>: Relay access denied
            C: DATA
            S: 554 5.5.1 Error: no valid recipients
            C: RSET
            S: 250 2.0.0 Ok
            C: DATA
            S: 503 5.5.1 Error: need RCPT command
            C: MAIL FROM:<a@example.net>
            S: 250 2.1.0 Ok
            C: HELO again
            S: 250 mail.example.com
            C: RCPT TO:<a@example.com>
            S: 503 5.5.1 Error: need MAIL command
            C: QUIT now
            S: 221 2.0.0 Bye
            S: [closed]
            """);
    }

    [Fact]
    public async Task Helo_is_required_when_the_configuration_says_so()
    {
        await using var server = new SmtpTestServer(s => s with { HeloRequired = true });
        await server.PlayAsync("""
            S: 220 *
            C: MAIL FROM:<a@example.net>
            S: 503 5.5.1 Error: send HELO/EHLO first
            """);
    }

    [Fact]
    public async Task Bare_postmaster_is_always_welcome()
    {
        await using var server = new SmtpTestServer(s => s with { RecipientRestrictions = ["reject"] });
        await server.PlayAsync("""
            S: 220 *
            C: HELO c
            S: 250 *
            C: MAIL FROM:<a@example.net>
            S: 250 *
            C: RCPT TO:<PostMaster>
            S: 250 2.1.5 Ok
            C: RCPT TO:<postmaster@example.com>
            S: 554 5.7.1 <postmaster@example.com>: Recipient address rejected: Access denied
            """);
    }

    [Fact]
    public async Task Too_many_recipients()
    {
        await using var server = new SmtpTestServer(s => s with { RecipientLimit = 2 });
        await server.PlayAsync("""
            S: 220 *
            C: HELO c
            S: 250 *
            C: MAIL FROM:<a@example.net>
            S: 250 *
            C: RCPT TO:<a@example.com>
            S: 250 *
            C: RCPT TO:<b@example.com>
            S: 250 *
            C: RCPT TO:<c@example.com>
            S: 452 4.5.3 Error: too many recipients
            C: DATA
            S: 354 *
            C: .
            S: 250 2.0.0 Ok: queued as *
            """);
        Assert.All(server.Queue.Mails, m => Assert.Equal(2, m.Recipients.Count));
    }

    [Fact]
    public async Task Too_many_errors_end_the_session()
    {
        await using var server = new SmtpTestServer(s => s with { HardErrorLimit = 3 });
        await server.PlayAsync("""
            S: 220 *
            C: A
            S: 500 5.5.2 Error: command not recognized
            C: B
            S: 500 5.5.2 Error: command not recognized
            C: C
            S: 500 5.5.2 Error: command not recognized
            S: 421 4.7.0 mail.example.com Error: too many errors
            S: [closed]
            """);
        Assert.Contains("NOQUEUE: too many errors after UNKNOWN from client.example.net[192.0.2.1]", server.Log.Lines);
        Assert.Contains("disconnect from client.example.net[192.0.2.1] unknown=0/3 commands=0/3", server.Log.Lines);
    }

    [Fact]
    public async Task Junk_commands_become_errors()
    {
        await using var server = new SmtpTestServer(s => s with { HardErrorLimit = 2, JunkCommandLimit = 2 });
        await server.PlayAsync("""
            S: 220 *
            C: NOOP
            S: 250 2.0.0 Ok
            C: NOOP
            S: 250 2.0.0 Ok
            C: NOOP
            S: 250 2.0.0 Ok
            C: NOOP
            S: 250 2.0.0 Ok
            C: NOOP
            S: 250 2.0.0 Ok
            S: 421 4.7.0 mail.example.com Error: too many errors
            """);
    }

    [Fact]
    public async Task Many_errors_are_answered_slowly()
    {
        await using var server = new SmtpTestServer(s => s with { SoftErrorLimit = 1, ErrorSleepTime = TimeSpan.FromMilliseconds(300) });
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await server.PlayAsync("S: 220 *\nC: FOO\nS: 500 *\nC: NOOP\nS: 250 *\n", Pace.Whole);
        Assert.True(clock.ElapsedMilliseconds >= 550, $"{clock.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task A_silent_client_is_told_and_let_go()
    {
        await using var server = new SmtpTestServer(s => s with { Timeout = TimeSpan.FromMilliseconds(200) });
        await server.PlayAsync("S: 220 *\nS: 421 4.4.2 mail.example.com Error: timeout exceeded\nS: [closed]\n", Pace.Whole);
        Assert.Contains("NOQUEUE: timeout after CONNECT from client.example.net[192.0.2.1]", server.Log.Lines);
    }

    [Fact]
    public async Task A_lost_client_is_logged()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync("S: 220 *\nC: EHLO c\nS: 250-*\n", Pace.Whole);
        await Eventually.TrueAsync(() => server.Log.Lines.Contains("NOQUEUE: lost connection after EHLO from client.example.net[192.0.2.1]"), "the line");
        await server.PlayAsync("S: 220 *\nC: HELO c\nS: 250 *\nC: MAIL FROM:<a@b>\nS: 250 *\nC: RCPT TO:<a@example.com>\nS: 250 *\nC: DATA\nS: 354 *\nC: some text", Pace.Whole);
        await Eventually.TrueAsync(() => server.Log.Lines.Contains("NOQUEUE: lost connection after DATA (11 bytes) from client.example.net[192.0.2.1]"), "the line");
        Assert.Empty(server.Queue.Mails);
    }

    [Fact]
    public async Task One_client_has_a_limited_number_of_connections()
    {
        await using var server = new SmtpTestServer(s => s with { ClientConnectionLimit = 1 });
        await using var other = await SmtpTestClient.ConnectAsync(server.Listen());
        await server.PlayAsync("S: 421 4.7.0 mail.example.com Error: too many connections from 192.0.2.1\nS: [closed]\n", Pace.Whole);
        Assert.Contains("warning: Connection concurrency limit exceeded: 2 from client.example.net[192.0.2.1] for service smtp", server.Log.Lines);
    }

    [Fact]
    public async Task A_client_of_the_exceptions_has_no_such_limit()
    {
        await using var server = new SmtpTestServer(s => s with { ClientConnectionLimit = 1, EventLimitExceptions = new(["192.0.2.0/24"]) });
        await using var other = await SmtpTestClient.ConnectAsync(server.Listen());
        await server.PlayAsync("S: 220 *\nC: QUIT\nS: 221 *\n", Pace.Whole);
    }

    [Fact]
    public async Task Drain_lets_a_mail_under_way_finish_and_an_idle_client_go()
    {
        await using var server = new SmtpTestServer();
        using var stop = new CancellationTokenSource();
        var (client, socket) = Sasl.Hosting.Unix.Descriptors.Pair(System.Net.Sockets.SocketType.Stream);
        var serving = server.ServeAsync(socket, stop.Token);
        using var stream = new System.Net.Sockets.NetworkStream(client, ownsSocket: true);
        await Dialogue.PlayAsync(stream, "S: 220 *\nC: HELO c\nS: 250 *\nC: MAIL FROM:<a@b>\nS: 250 *\nC: RCPT TO:<a@example.com>\nS: 250 *\nC: DATA\nS: 354 *\n", Pace.Whole);
        await stop.CancelAsync();
        await Dialogue.PlayAsync(stream, "C: text\nC: .\nS: 250 2.0.0 Ok: queued as Q1\nS: 421 4.3.2 mail.example.com Service shutting down\nS: [closed]\n", Pace.ByByte);
        await serving;
    }

    [Fact]
    public async Task A_hundred_silent_connections_harm_nobody()
    {
        await using var server = new SmtpTestServer(s => s with { ClientConnectionLimit = 0 });
        var port = server.Listen();
        var silent = new List<SmtpTestClient>();
        for (var i = 0; i < 100; i++)
            silent.Add(await SmtpTestClient.ConnectAsync(port));
        await using var client = await SmtpTestClient.ConnectAsync(port);
        await client.PlayAsync("C: HELO c\nS: 250 *\nC: QUIT\nS: 221 2.0.0 Bye\n");
        foreach (var one in silent)
            await one.DisposeAsync();
    }

    [Fact]
    public async Task The_client_restrictions_speak_at_once_without_delay_reject()
    {
        await using var server = new SmtpTestServer(s => s with { DelayReject = false, ClientRestrictions = ["reject"] });
        await server.PlayAsync("""
            S: 554 5.7.1 <client.example.net[192.0.2.1]>: Client host rejected: Access denied
            C: EHLO c
            S: 503 5.7.0 Error: access denied for client.example.net[192.0.2.1]
            C: QUIT
            S: 221 2.0.0 Bye
            """);
        Assert.Contains(server.Log.Lines, l => l.StartsWith("NOQUEUE: reject: CONNECT from client.example.net[192.0.2.1]: 554 5.7.1 "));
    }

    [Fact]
    public async Task Pipelining_before_the_greeting_or_without_ehlo_ends_the_session()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync("S: 220 *\nC: HELO c\nC: MAIL FROM:<a@b>\nS: 554 5.5.0 Error: SMTP protocol synchronization\nS: [closed]\n", Pace.Whole);
        await Eventually.TrueAsync(() => server.Log.Lines.Any(l => l.StartsWith("improper command pipelining after HELO from client.example.net[192.0.2.1]: MAIL FROM:<a@b>\\r\\n")), "the line");
        await server.PlayAsync("S: 220 *\nC: EHLO c\nC: NOOP\nS: 554 5.5.0 Error: SMTP protocol synchronization\nS: [closed]\n", Pace.Whole);
    }

    [Fact]
    public async Task A_client_that_talks_before_the_greeting_is_let_go()
    {
        await using var server = new SmtpTestServer();
        var (client, socket) = Sasl.Hosting.Unix.Descriptors.Pair(System.Net.Sockets.SocketType.Stream);
        using var stream = new System.Net.Sockets.NetworkStream(client, ownsSocket: true);
        await stream.WriteAsync("EHLO early\r\n"u8.ToArray());
        var serving = server.ServeAsync(socket, CancellationToken.None);
        await Dialogue.PlayAsync(stream, "S: 554 5.5.0 Error: SMTP protocol synchronization\nS: [closed]\n", Pace.Whole);
        await serving;
        Assert.Contains(server.Log.Lines, l => l.StartsWith("improper command pipelining after CONNECT from "));
    }

    [Fact]
    public async Task Long_lines_are_refused_and_the_session_goes_on()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync($"S: 220 *\nC: NOOP {new string('x', 3000)}\nS: 500 5.5.2 mail.example.com Error: command too long\nC: NOOP\nS: 250 2.0.0 Ok\n");
    }

    [Fact]
    public async Task A_nul_and_bad_utf8_are_bad_syntax()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync("""
            S: 220 *
            C+ NOOP \0x\r\n
            S: 500 5.5.2 Error: bad syntax
            C+ MAIL FROM:<\xff@example.net>\r\n
            S: 500 5.5.2 Error: bad UTF-8 syntax
            """, Pace.ByLine);
    }

    [Fact]
    public async Task Noop_commands_and_discarded_keywords()
    {
        await using var server = new SmtpTestServer(s => s with { NoopCommands = ["XFOO"], DiscardEhloKeywords = ["chunking", "VRFY"], DisableVrfy = true });
        await server.PlayAsync("""
            S: 220 *
            C: EHLO c
            S: 250-mail.example.com
            S: 250-PIPELINING
            S: 250-SIZE 10240000
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250 DSN
            C: xfoo bar
            S: 250 2.0.0 Ok
            C: VRFY a
            S: 502 5.5.1 VRFY command is disabled
            C: BDAT 5
            S: 521 5.5.1 Error: command not implemented
            S: [closed]
            """);
    }
}

using System.Net;
using System.Text;
using CsCheck;
using MailServers.Smtp;
using Testing;

namespace MailServers.Tests.Smtp;

public class AttackTests
{
    const string Data = """
        S: 220 *
        C: HELO c
        S: 250 *
        C: MAIL FROM:<bob@example.net>
        S: 250 *
        C: RCPT TO:<user1@example.com>
        S: 250 *
        C: DATA
        S: 354 *

        """;

    [Theory]
    [InlineData(@"\n.\n")]
    [InlineData(@"\n.\r\n")]
    [InlineData(@"\r\n.\n")]
    [InlineData(@"\r.\r")]
    [InlineData(@"\r\r.\r\r")]
    [InlineData(@"\r\n.\r")]
    [InlineData(@"\r\n.\r\r\n")]
    [InlineData(@"\r.\r\n")]
    [InlineData(@"\r\n\0.\r\n")]
    [InlineData(@"\n\n.\r\n")]
    [InlineData(@"\r\n.\0\r\n")]
    public async Task Smtp_smuggling_only_crlf_dot_crlf_ends_a_mail(string terminator)
    {
        // CVE-2023-51764
        await using var server = new SmtpTestServer();
        await server.PlayAsync($@"{Data}
            C+ first{terminator}MAIL FROM:<admin@example.com>\r\nRCPT TO:<user2@example.com>\r\nDATA\r\nevil\r\n.\r\n
            S: 250 2.0.0 Ok: queued as Q*
            C: QUIT
            S: 221 2.0.0 Bye
            S: [closed]");
        Assert.Equal(3, server.Queue.Mails.Count);
        Assert.All(server.Queue.Mails, m => Assert.Contains("MAIL FROM:<admin@example.com>", m.Text));
        Assert.All(server.Queue.Mails, m => Assert.DoesNotContain("\n", m.Text.Replace("\r\n", "")));
    }

    [Fact]
    public async Task Bare_line_feeds_can_be_refused()
    {
        await using var server = new SmtpTestServer(s => s with { RejectBareNewline = true });
        await server.PlayAsync("S: 220 *\nC+ NOOP\\n\nS: 550 5.5.2 mail.example.com Error: bare <LF> received\nS: [closed]\n", Pace.Whole);
        await server.PlayAsync(Data + "C+ a\\nb\\r\\n.\\r\\n\nS: 550 5.5.2 mail.example.com Error: bare <LF> received\nS: [closed]\n", Pace.Whole);
        Assert.Empty(server.Queue.Mails);
    }

    [Fact]
    public async Task Pipelining_behind_data_ends_the_session()
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
            C: MAIL FROM:<a@b>
            C: RCPT TO:<user1@example.com>
            C: DATA
            C: Subject: too early
            S: 250 *
            S: 250 *
            S: 554 5.5.0 Error: SMTP protocol synchronization
            S: [closed]
            """, Pace.Whole);
        Assert.Empty(server.Queue.Mails);
    }

    [Theory]
    [InlineData("far@away.test")]
    [InlineData("far%away.test@example.com")]
    [InlineData("far%away.test")]
    [InlineData("away.test!far")]
    [InlineData("away.test!far@example.com")]
    [InlineData("far@away.test@example.com")]
    [InlineData("\"far@away.test\"@example.com")]
    [InlineData("\"far@away.test\"")]
    [InlineData("\"far%away.test\"@mail.example.com")]
    [InlineData("@example.com:far@away.test")]
    [InlineData("@mail.example.com,@example.com:far@away.test")]
    [InlineData("far%away.test@localhost")]
    [InlineData("far%away.test@[127.0.0.1]")]
    [InlineData("far%away.test@relay.test")]
    [InlineData("far@away.test.")]
    [InlineData("far@[192.0.2.99]")]
    [InlineData("far@[IPv6:2001:db8::99]")]
    [InlineData("far@EXAMPLE.com.away.test")]
    public async Task Open_relay_tricks(string recipient)
    {
        await using var server = new SmtpTestServer(s => s with { RelayRestrictions = ["permit_mynetworks", "permit_sasl_authenticated", "reject_unauth_destination"] });
        await server.PlayAsync($"S: 220 *\nC: HELO c\nS: 250 *\nC: MAIL FROM:<user1@example.com>\nS: 250 *\nC: RCPT TO:<{recipient}>\nS: 554 5.7.1 <*>: Relay access denied\n", Pace.Whole);
    }

    [Theory]
    [InlineData("user1@example.com")]
    [InlineData("USER1@EXAMPLE.COM")]
    [InlineData("user1@example.com.")]
    [InlineData("user1")]
    [InlineData("@away.test:user1@example.com")]
    [InlineData("user1@[127.0.0.1]")]
    [InlineData("\"user 1\"@example.com")]
    public async Task Our_own_recipients_are_welcome(string recipient)
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync($"S: 220 *\nC: HELO c\nS: 250 *\nC: MAIL FROM:<a@example.net>\nS: 250 *\nC: RCPT TO:<{recipient}>\nS: 250 2.1.5 Ok\n", Pace.Whole);
    }

    [Fact]
    public async Task Response_splitting_through_names()
    {
        await using var server = new SmtpTestServer(auth: true);
        // A user name with CR LF inside PLAIN; the auth server repeats it in its reason.
        server.Auth!.Answer = "FAIL\t{0}\tuser=x\x1r\x1n235 2.7.0 ok\treason=no x\x1r\x1n235 2.7.0 ok";
        await server.PlayAsync($"""
            S: 220 *
            C: EHLO c
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250 *
            C: AUTH PLAIN AHgNCjIzNQBw
            S: 535 5.7.8 Error: authentication failed: no x??235 2.7.0 ok
            C: AUTH {"\x7f"}X
            S: 535 5.7.8 Error: authentication failed: Invalid authentication mechanism: '?X'
            C: NOOP
            S: 250 2.0.0 Ok
            """, Pace.ByLine);
        Assert.All(server.Log.Lines, l => Assert.DoesNotContain('\n', l));
    }

    [Fact]
    public async Task Header_injection_through_helo()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync("S: 220 *\nC+ HELO (evil)\\r x<y>\\r\\n\nS: 250 *\nC: MAIL FROM:<a@b>\nS: 250 *\nC: RCPT TO:<user1@example.com>\nS: 250 *\nC: DATA\nS: 354 *\nC: .\nS: 250 *\n", Pace.ByLine);
        Assert.StartsWith("Received: from ?evil??x?y? (client.example.net [192.0.2.1])\r\n", server.LastMail.Text);
    }

    [Fact]
    public async Task Http_requests_with_smtp_in_the_body_are_cut_off()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync("S: 220 *\nC: POST / HTTP/1.1\nC: Host: x\nC: \nC: MAIL FROM:<a@b>\nS: 221 2.7.0 Error: I can break rules, too. Goodbye.\nS: [closed]\n", Pace.Whole);
        Assert.Contains("warning: non-SMTP command from client.example.net[192.0.2.1]: POST / HTTP/1.1", server.Log.Lines);
    }

    [Fact]
    public async Task A_flood_without_a_line_end_takes_no_memory_and_ends_as_one_long_line()
    {
        await using var server = new SmtpTestServer();
        await using var client = await SmtpTestClient.ConnectAsync(server.Listen());
        var block = new byte[64 * 1024];
        Array.Fill(block, (byte)'x');
        for (var i = 0; i < 64; i++)
            await client.Stream.WriteAsync(block);
        await client.PlayAsync("C: \nS: 500 5.5.2 mail.example.com Error: command too long\nC: QUIT\nS: 221 *\n");
    }

    /// <summary>Commands in any order: no mail without MAIL and RCPT before it, no crash, and every line has its reply.</summary>
    [Fact]
    public async Task Random_sequences_keep_the_state_machine()
    {
        string[] commands = ["EHLO c", "MAIL FROM:<a@example.net>", "RCPT TO:<user1@example.com>", "RCPT TO:<x@far.test>", "DATA", "RSET", "VRFY user1", "NOOP",
            "BDAT 0 LAST", "BDAT 5\r\nabc", "AUTH PLAIN AHVzZXIxAHNlY3JldA==", "AUTH FOO", "STARTTLS", "junk"];
        await using var server = new SmtpTestServer(s => s with { HardErrorLimit = 1000, JunkCommandLimit = 1000, SoftErrorLimit = 1000 }, auth: true);
        var port = server.Listen();
        await Gen.Int[0, commands.Length - 1].Select(i => commands[i]).Array[1, 15].SampleAsync(async sequence =>
        {
            await using var client = await SmtpTestClient.ConnectAsync(port);
            var reader = new StreamReader(client.Stream, Encoding.Latin1);
            await client.Stream.WriteAsync("EHLO c\r\n"u8.ToArray());
            await ReplyAsync(reader);
            var (mail, recipients, chunks) = (false, 0, false);
            foreach (var command in sequence)
            {
                await client.Stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
                var reply = await ReplyAsync(reader);
                if (command == "DATA" && reply.StartsWith("354"))
                {
                    Assert.True(mail && recipients > 0 && !chunks, string.Join(" | ", sequence));
                    await client.Stream.WriteAsync("text\r\n.\r\n"u8.ToArray());
                    Assert.StartsWith("250 2.0.0 Ok: queued as", await ReplyAsync(reader));
                    (mail, recipients) = (false, 0);
                }
                else if (command.StartsWith("BDAT 0 LAST") && reply.StartsWith("250"))
                {
                    Assert.True(mail && recipients > 0, string.Join(" | ", sequence));
                    (mail, recipients, chunks) = (false, 0, false);
                }
                else if (command.StartsWith("BDAT 5") && reply.StartsWith("250"))
                {
                    Assert.True(mail && recipients > 0, string.Join(" | ", sequence));
                    chunks = true;
                }
                else if (reply.StartsWith("250"))
                {
                    switch (command[..4])
                    {
                        case "MAIL":
                            Assert.False(mail);
                            mail = true;
                            break;
                        case "RCPT":
                            Assert.True(mail);
                            recipients++;
                            break;
                        case "EHLO" or "RSET":
                            (mail, recipients, chunks) = (false, 0, false);
                            break;
                    }
                }
            }
        }, iter: 60, threads: 2);
    }

    static async Task<string> ReplyAsync(StreamReader reader)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)) ?? throw new IOException("closed");
            if (line.Length < 4 || line[3] == ' ')
                return line;
        }
    }
}

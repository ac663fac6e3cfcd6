using System.Text;
using Testing;

namespace MailServers.Tests.Smtp;

/// <summary>Attacks that are one command or a few, by name.</summary>
public sealed class HostileClientTests
{
    const string Features = "S: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250 *\n", Hello = "S: 220 *\nC: EHLO c\n" + Features;

    static string Replies(params string[] commands) => "S: 220 *\nC: HELO c\nS: 250 *\n" + string.Join('\n', commands) + "\n";

    [Theory]
    [InlineData("XCLIENT ADDR=10.0.0.1 LOGIN=user1")]
    [InlineData("XFORWARD NAME=localhost ADDR=10.0.0.1")]
    public async Task Identity_forging_by_XCLIENT_is_an_unknown_command(string command)
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync(Replies($"C: {command}", "S: 500 5.5.2 Error: command not recognized", "C: MAIL FROM:<a@b>", "S: 250 *", "C: RCPT TO:<far@away.test>", "S: 454 4.7.1 *"), Pace.Whole);
    }

    [Fact]
    public async Task Identity_forging_by_a_PROXY_header_is_an_unknown_command()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync("S: 220 *\nC: PROXY TCP4 10.0.0.1 10.0.0.2 1 25\nS: 500 5.5.2 Error: command not recognized\nC: HELO c\nS: 250 *\nC: MAIL FROM:<a@b>\nS: 250 *\nC: RCPT TO:<far@away.test>\nS: 454 4.7.1 *\n", Pace.ByLine);
    }

    [Theory]
    [InlineData("<-oQ/tmp@example.com>")]
    [InlineData("<-x>")]
    [InlineData("<\"-f root\"@example.com>")]
    public async Task Option_injection_a_recipient_that_begins_with_a_hyphen_is_refused(string recipient)
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync(Replies("C: MAIL FROM:<a@b>", "S: 250 *", $"C: RCPT TO:{recipient}", "S: 501 5.1.3 Bad recipient address syntax"), Pace.Whole);
    }

    [Theory]
    [InlineData("MAIL FROM:<\"\"@example.com>")]
    [InlineData("MAIL FROM:<\"\\\"@example.com>")]
    [InlineData("MAIL FROM:<@>")]
    [InlineData("MAIL FROM:<@a,@b>")]
    [InlineData("MAIL FROM:<a@[>")]
    public async Task Empty_quoted_local_parts_and_halves_of_addresses_are_bad_syntax(string command)
    {
        // CVE-2020-10967, and its neighbours.
        await using var server = new SmtpTestServer();
        await server.PlayAsync(Replies($"C: {command}", "S: 501 5.1.7 Bad sender address syntax", "C: NOOP", "S: 250 2.0.0 Ok"), Pace.Whole);
    }

    [Fact]
    public async Task A_sender_that_is_too_long_with_our_domain_behind_it_is_refused_at_once()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync(Replies($"C: MAIL FROM:<{new string('x', 250)}>", "S: 501 5.1.7 Bad sender address syntax", $"C: MAIL FROM:<{new string('x', 230)}>", "S: 250 *"), Pace.Whole);
    }

    [Fact]
    public async Task Noop_floods_and_malformed_noops_are_answered_one_by_one()
    {
        // CVE-2020-10957, CVE-2020-10958.
        await using var server = new SmtpTestServer(s => s with { JunkCommandLimit = 10_000 });
        await server.PlayAsync(Hello + string.Concat(Enumerable.Repeat("C: NOOP \u00e9 EHLO\nS: 250 2.0.0 Ok\n", 200)), Pace.ByLine);
    }

    [Fact]
    public async Task Truncated_utf8_is_bad_syntax_and_no_loop()
    {
        // CVE-2020-7046.
        await using var server = new SmtpTestServer();
        await server.PlayAsync("S: 220 *\nC+ EHLO \\xe2\\x82\\r\\n\nS: 500 5.5.2 Error: bad UTF-8 syntax\nC: NOOP\nS: 250 2.0.0 Ok\n", Pace.ByByte);
    }

    [Fact]
    public async Task Tiny_chunks_cost_no_memory_and_make_one_mail()
    {
        await using var server = new SmtpTestServer();
        await using var client = await SmtpTestClient.ConnectAsync(server.Listen());
        await client.PlayAsync("C: EHLO c\n" + Features + "C: MAIL FROM:<a@b>\nS: 250 *\nC: RCPT TO:<user1@example.com>\nS: 250 *\n");
        var chunk = Encoding.ASCII.GetBytes("BDAT 1\r\nx");
        var reader = new StreamReader(client.Stream, Encoding.ASCII);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 3000; i++)
        {
            await client.Stream.WriteAsync(chunk);
            Assert.Equal("250 2.0.0 Ok: 1 bytes", await reader.ReadLineAsync());
        }
        // Other tests of this process have memory of their own for a while; what chunks cost would stay.
        await Eventually.TrueAsync(() => GC.GetTotalMemory(forceFullCollection: true) - before < 16 << 20, "no memory that grows with the number of chunks");
        await client.Stream.WriteAsync("BDAT 0 LAST\r\n"u8.ToArray());
        Assert.StartsWith("250 2.0.0 Ok: 3000 bytes queued as", await reader.ReadLineAsync());
        Assert.EndsWith(new string('x', 3000) + "\r\n", server.LastMail.Text);
    }

    [Fact]
    public async Task User_enumeration_VRFY_tells_nothing_that_RCPT_would_not()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync(Replies("C: VRFY user1", "S: 252 2.0.0 user1", "C: VRFY nobody-of-that-name", "S: 252 2.0.0 nobody-of-that-name", "C: EXPN staff", "S: 500 5.5.2 Error: command not recognized"), Pace.Whole);
    }
}

using Testing;

namespace MailServers.Tests.Smtp.Commands;

public class BdatCommandTests
{
    const string Envelope = """
        S: 220 *
        C: EHLO c
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-DSN
        S: 250 CHUNKING
        C: MAIL FROM:<bob@example.net>
        S: 250 *
        C: RCPT TO:<user1@example.com>
        S: 250 *

        """;

    [Fact]
    public async Task Chunks_make_a_mail_and_dots_mean_nothing()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync(Envelope + """
            C+ BDAT 15\r\nSubject: hi\r\n\r\n
            C+ BDAT 8\r\n.\r\nQUIT\r
            C+ BDAT 3 LAST\r\n\nxy
            S: 250 2.0.0 Ok: 15 bytes
            S: 250 2.0.0 Ok: 8 bytes
            S: 250 2.0.0 Ok: 26 bytes queued as Q*
            C: QUIT
            S: 221 *
            """);
        Assert.All(server.Queue.Mails, m => Assert.EndsWith("\r\nSubject: hi\r\n\r\n.\r\nQUIT\r\nxy\r\n", m.Text));
        Assert.Equal(3, server.Queue.Mails.Count);
    }

    [Fact]
    public async Task A_refused_chunk_is_read_and_never_taken_for_commands()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync("S: 220 *\nC: EHLO c\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250 *\n" + """
            C: BDAT 6
            C: QUIT
            S: 503 5.5.1 Error: need RCPT command
            C: NOOP
            S: 250 *
            """);
    }

    [Fact]
    public async Task After_a_failure_chunks_are_thrown_away_until_rset()
    {
        await using var server = new SmtpTestServer(s => s with { MessageSizeLimit = 10 });
        await server.PlayAsync(Envelope + """
            C+ BDAT 8\r\n12345678
            C+ BDAT 8\r\n12345678
            C+ BDAT 2 LAST\r\nxy
            S: 250 2.0.0 Ok: 8 bytes
            S: 552 5.3.4 Chunk exceeds message size limit
            S: 551 5.0.0 Discarded 2 bytes after earlier error
            C: MAIL FROM:<a@b>
            S: 503 5.5.1 Error: nested MAIL command
            C: RCPT TO:<a@example.com>
            S: 503 5.5.1 Error: RCPT after BDAT
            C: DATA
            S: 503 5.5.1 Error: DATA after BDAT
            C: RSET
            S: 250 *
            C: MAIL FROM:<a@b>
            S: 250 *
            """);
        Assert.Empty(server.Queue.Mails);
    }

    [Fact]
    public async Task A_chunk_of_nothing_is_refused()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync(Envelope + "C: BDAT 0\nS: 551 5.7.1 Null BDAT request\n");
    }

    [Fact]
    public async Task An_empty_last_chunk_ends_the_mail()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync(Envelope + "C+ BDAT 4\\r\\ntext\nS: 250 *\nC: BDAT 0 LAST\nS: 250 2.0.0 Ok: 4 bytes queued as Q*\n");
        Assert.All(server.Queue.Mails, m => Assert.EndsWith("\r\n\r\ntext\r\n", m.Text));
    }

    [Theory]
    [InlineData("BDAT x")]
    [InlineData("BDAT -1")]
    [InlineData("BDAT 5 FIRST")]
    [InlineData("BDAT 5 LAST x")]
    [InlineData("BDAT 99999999999999999999")]
    public async Task A_count_that_is_none_ends_the_session(string command)
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync($"S: 220 *\nC: {command}\nS: 521 5.5.4 Syntax: BDAT count [LAST]\nS: [closed]\n", Pace.Whole);
    }
}

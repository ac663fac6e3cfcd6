using Testing;

namespace MailServers.Tests.Smtp.Commands;

public class StrictEnvelopeTests
{
    [Fact]
    public async Task Brackets_can_be_demanded()
    {
        await using var server = new SmtpTestServer(s => s with { StrictEnvelopes = true });
        await server.PlayAsync("""
            S: 220 *
            C: HELO c
            S: 250 *
            C: MAIL FROM:bob@example.net
            S: 501 5.1.7 Bad sender address syntax
            C: MAIL FROM:<bob@example.net>
            S: 250 *
            C: RCPT TO:user1@example.com
            S: 501 5.1.3 Bad recipient address syntax
            """, Pace.ByLine);
    }

    [Fact]
    public async Task A_path_has_an_end()
    {
        await using var server = new SmtpTestServer();
        await server.PlayAsync($"S: 220 *\nC: HELO c\nS: 250 *\nC: MAIL FROM:<{new string('a', 300)}@example.net>\nS: 501 5.1.7 Bad sender address syntax\n", Pace.Whole);
    }
}

namespace MailServers.Tests.Smtp.Commands;

public class DsnTests
{
    [Fact]
    public async Task What_the_sender_asks_for_goes_to_the_queue()
    {
        // RFC 3461 §4
        await using var server = new SmtpTestServer();
        server.Queue.OffersDsn = true;
        await server.PlayAsync("""
            S: 220 *
            C: HELO c
            S: 250 *
            C: MAIL FROM:<a@example.net> ret=hdrs ENVID=x+2By
            S: 250 2.1.0 Ok
            C: RCPT TO:<user1@example.com> NOTIFY=success,Delay ORCPT=rfc822;User+2B1@example.com
            S: 250 2.1.5 Ok
            C: RCPT TO:<user2@example.com>
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Equal("MAIL FROM:<a@example.net> RET=HDRS ENVID=x+2By", server.LastMail.Mail);
        Assert.Equal(["<user1@example.com> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;User+2B1@example.com", "<user2@example.com>"], server.LastMail.Recipients);
    }

    [Fact]
    public async Task A_discarded_keyword_turns_it_off()
    {
        await using var server = new SmtpTestServer(s => s with { DiscardEhloKeywords = ["dsn"] });
        await server.PlayAsync("S: 220 *\nC: HELO c\nS: 250 *\nC: MAIL FROM:<a@b.test> ENVID=x\nS: 501 5.7.1 DSN support is disabled\nC: MAIL FROM:<a@b.test>\nS: 250 *\n"
            + "C: RCPT TO:<user1@example.com> ORCPT=rfc822;x\nS: 501 5.7.1 DSN support is disabled\n");
    }
}

using System.Net;
using Testing;

namespace MailServers.Tests.Smtp.Restrictions;

public class AccessPolicyTests
{
    const string Start = """
        S: 220 *
        C: HELO client.example.net
        S: 250 *
        C: MAIL FROM:<bob@example.net>
        S: 250 *

        """;

    [Fact]
    public async Task Relay_and_recipient_lists_must_both_let_it_pass()
    {
        await using var server = new SmtpTestServer(s => s with { RelayRestrictions = ["permit"], RecipientRestrictions = ["reject_unauth_destination"] });
        await server.PlayAsync(Start + "C: RCPT TO:<a@far.test>\nS: 554 5.7.1 <a@far.test>: Relay access denied\n");
        await using var other = new SmtpTestServer(s => s with { RelayRestrictions = ["reject_unauth_destination"], RecipientRestrictions = ["permit"] });
        await other.PlayAsync(Start + "C: RCPT TO:<a@far.test>\nS: 554 5.7.1 <a@far.test>: Relay access denied\n");
    }

    [Fact]
    public async Task The_log_has_the_classic_line()
    {
        await using var server = new SmtpTestServer(s => s with { RecipientRestrictions = ["reject_unauth_destination", "reject_unknown_sender_domain"], RelayRestrictions = [] });
        await server.PlayAsync(Start + "C: RCPT TO:<a@far.test>\nS: 554 *\n", Pace.Whole);
        Assert.Contains("NOQUEUE: reject: RCPT from client.example.net[192.0.2.1]: 554 5.7.1 <a@far.test>: Relay access denied; "
            + "from=<bob@example.net> to=<a@far.test> proto=SMTP helo=<client.example.net>", server.Log.Lines);
    }

    [Fact]
    public async Task Delayed_lists_speak_at_rcpt_in_order()
    {
        await using var server = new SmtpTestServer(s => s with { ClientRestrictions = ["warn_if_reject", "reject"], HeloRestrictions = ["reject_non_fqdn_helo_hostname"], SenderRestrictions = ["reject"] });
        await server.PlayAsync(Start + "C: RCPT TO:<a@example.com>\nS: 554 5.7.1 <bob@example.net>: Sender address rejected: Access denied\n", Pace.Whole);
        Assert.Contains(server.Log.Lines, l => l.StartsWith("NOQUEUE: reject_warning: RCPT from client.example.net[192.0.2.1]: 554 5.7.1 <client.example.net[192.0.2.1]>: Client host rejected: Access denied; "));
    }

    [Fact]
    public async Task Helo_and_mail_speak_themselves_without_delay()
    {
        await using var server = new SmtpTestServer(s => s with { DelayReject = false, HeloRestrictions = ["reject_non_fqdn_helo_hostname"], SenderRestrictions = ["reject_non_fqdn_sender"] });
        await server.PlayAsync("""
            S: 220 *
            C: EHLO host
            S: 504 5.5.2 <host>: Helo command rejected: need fully-qualified hostname
            C: MAIL FROM:<bob>
            S: 504 5.5.2 <bob>: Sender address rejected: need fully-qualified address
            """);
    }

    [Fact]
    public async Task A_temporary_problem_counts_only_when_the_mail_would_pass()
    {
        await using var server = new SmtpTestServer(s => s with { SenderRestrictions = ["reject_unknown_sender_domain"] });
        await server.PlayAsync("""
            S: 220 *
            C: HELO c
            S: 250 *
            C: MAIL FROM:<bob@slow.test>
            S: 250 *
            C: RCPT TO:<a@example.com>
            S: 450 4.1.8 <bob@slow.test>: Sender address rejected: Domain not found
            C: RCPT TO:<a@far.test>
            S: 454 4.7.1 <a@far.test>: Relay access denied
            """);
    }

    [Fact]
    public async Task Data_and_end_of_data_have_their_lists()
    {
        await using var server = new SmtpTestServer(s => s with { DataRestrictions = ["reject"] });
        await server.PlayAsync(Start + "C: RCPT TO:<a@example.com>\nS: 250 *\nC: DATA\nS: 554 5.7.1 <DATA>: Data command rejected: Access denied\n");
        await using var other = new SmtpTestServer(s => s with { EndOfDataRestrictions = ["defer"] });
        await other.PlayAsync(Start + "C: RCPT TO:<a@example.com>\nS: 250 *\nC: DATA\nS: 354 *\nC: .\nS: 450 4.3.2 <END-OF-MESSAGE>: End-of-data rejected: Try again later\nC: DATA\nS: 503 5.5.1 Error: need RCPT command\n");
        Assert.Empty(other.Queue.Mails);
    }

    [Fact]
    public async Task A_word_that_nobody_knows_is_a_server_error_and_no_open_door()
    {
        await using var server = new SmtpTestServer(s => s with { RelayRestrictions = ["permit_mynetwork", "permit"] });
        await server.PlayAsync(Start + "C: RCPT TO:<a@example.com>\nS: 451 4.3.5 Server configuration error\n", Pace.Whole);
        Assert.Contains("warning: unknown smtpd restriction: \"permit_mynetwork\"", server.Log.Lines);
    }

    [Fact]
    public async Task Mynetworks_may_relay()
    {
        await using var server = new SmtpTestServer { Client = new("unknown", IPAddress.Parse("10.1.1.1"), 1) };
        await server.PlayAsync(Start + "C: RCPT TO:<a@far.test>\nS: 250 2.1.5 Ok\n");
    }
}

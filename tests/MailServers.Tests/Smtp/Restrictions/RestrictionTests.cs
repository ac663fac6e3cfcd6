using System.Net;
using MailServers.Smtp;
using MailServers.Smtp.Addresses;
using MailServers.Smtp.Restrictions;

namespace MailServers.Tests.Smtp.Restrictions;

public class RestrictionTests
{
    static async Task<(Verdict Verdict, string? Armed, List<string> Warnings)> CheckAsync(string list, string recipient = "user1@example.com",
        string sender = "bob@example.net", string client = "192.0.2.1", string? helo = "client.example.net", SaslLogin? login = null, Subject subject = Subject.Recipient, bool hasEarlyInput = false)
    {
        Assert.True(PathParser.TryParseMailbox(recipient, out var to));
        Assert.Equal(PathProblem.None, PathParser.TryParse($"<{sender}>", out var from, out _));
        var settings = new SmtpSettings { MyNetworks = new(["10.0.0.0/8", "[2001:db8::]/32"]) };
        var context = new RestrictionContext(subject, new("c.test", IPAddress.Parse(client), 1), helo, from, to, login, settings,
            new AddressResolver(new(["example.com"], ["relay.test"], [IPAddress.Loopback]), "example.com"), new DomainStub(), false, () => hasEarlyInput);
        string? armed = null;
        var warnings = new List<string>();
        var verdict = await new RestrictionList(list.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
            .CheckAsync(context, reply => armed ??= reply, (step, reply) => warnings.Add($"{step.Word}: {reply}"), CancellationToken.None);
        return (verdict, armed, warnings);
    }

    [Theory]
    [InlineData("permit", VerdictKind.Permit, "")]
    [InlineData("permit reject", VerdictKind.Permit, "")]
    [InlineData("reject", VerdictKind.Refuse, "554 5.7.1 <user1@example.com>: Recipient address rejected: Access denied")]
    [InlineData("defer", VerdictKind.Refuse, "450 4.3.2 <user1@example.com>: Recipient address rejected: Try again later")]
    [InlineData("reject_plaintext_session", VerdictKind.Refuse, "450 4.7.1 Session encryption is required")]
    [InlineData("no_such_word permit", VerdictKind.Refuse, "451 4.3.5 Server configuration error")]
    [InlineData("", VerdictKind.Dunno, "")]
    public async Task Words_that_always_say_the_same(string list, object kind, string reply)
    {
        var (verdict, _, _) = await CheckAsync(list);
        Assert.Equal(((VerdictKind)kind, reply), (verdict.Kind, verdict.Reply));
    }

    [Theory]
    [InlineData(Subject.Client, "554 5.7.1 <c.test[192.0.2.1]>: Client host rejected: Access denied")]
    [InlineData(Subject.Helo, "554 5.7.1 <client.example.net>: Helo command rejected: Access denied")]
    [InlineData(Subject.Sender, "554 5.7.1 <bob@example.net>: Sender address rejected: Access denied")]
    [InlineData(Subject.Data, "554 5.7.1 <DATA>: Data command rejected: Access denied")]
    [InlineData(Subject.EndOfData, "554 5.7.1 <END-OF-MESSAGE>: End-of-data rejected: Access denied")]
    public async Task The_reply_names_the_culprit(object subject, string reply) =>
        Assert.Equal(reply, (await CheckAsync("reject", subject: (Subject)subject)).Verdict.Reply);

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("11.1.2.3", false)]
    [InlineData("2001:db8::5", true)]
    [InlineData("2001:db9::5", false)]
    public async Task Permit_mynetworks(string client, bool permitted) =>
        Assert.Equal(permitted ? VerdictKind.Permit : VerdictKind.Dunno, (await CheckAsync("permit_mynetworks", client: client)).Verdict.Kind);

    [Fact]
    public async Task Permit_sasl_authenticated()
    {
        Assert.Equal(VerdictKind.Dunno, (await CheckAsync("permit_sasl_authenticated")).Verdict.Kind);
        Assert.Equal(VerdictKind.Permit, (await CheckAsync("permit_sasl_authenticated", login: new("PLAIN", "user1"))).Verdict.Kind);
        Assert.Equal(VerdictKind.Dunno, (await CheckAsync("permit_sasl_authenticated", login: new("ANONYMOUS", "anonymous"))).Verdict.Kind);
    }

    [Theory]
    [InlineData("reject_unauth_destination", "a@far.test", "554 5.7.1 <a@far.test>: Relay access denied")]
    [InlineData("defer_unauth_destination", "a@far.test", "454 4.7.1 <a@far.test>: Relay access denied")]
    [InlineData("reject_unauth_destination", "a%far.test@example.com", "554 5.7.1 <a%far.test@example.com>: Relay access denied")]
    [InlineData("reject_unauth_destination", "a@example.com", "")]
    [InlineData("reject_unauth_destination", "a@sub.relay.test", "")]
    public async Task The_guards_of_the_relay(string word, string recipient, string reply) =>
        Assert.Equal(reply, (await CheckAsync(word, recipient)).Verdict.Reply);

    [Theory]
    [InlineData("bob@nowhere.test", "450 4.1.8 <bob@nowhere.test>: Sender address rejected: Domain not found")]
    [InlineData("bob@null.test", "550 5.7.27 <bob@null.test>: Sender address rejected: Domain null.test does not accept mail (nullMX)")]
    [InlineData("bob@example.net", "")]
    [InlineData("bob@example.com", "")]
    [InlineData("bob", "")]
    [InlineData("", "")]
    public async Task Reject_unknown_sender_domain(string sender, string reply) =>
        Assert.Equal(reply, (await CheckAsync("reject_unknown_sender_domain", sender: sender)).Verdict.Reply);

    [Fact]
    public async Task A_dns_that_does_not_answer_defers_what_would_pass()
    {
        var (verdict, armed, _) = await CheckAsync("reject_unknown_sender_domain permit", sender: "bob@slow.test");
        Assert.Equal(VerdictKind.Permit, verdict.Kind);
        Assert.Equal("450 4.1.8 <bob@slow.test>: Sender address rejected: Domain not found", armed);
        // A refusal stays one.
        Assert.StartsWith("554 ", (await CheckAsync("reject_unknown_sender_domain reject", sender: "bob@slow.test")).Verdict.Reply);
    }

    [Theory]
    [InlineData("a@nowhere.test", "450 4.1.2 <a@nowhere.test>: Recipient address rejected: Domain not found")]
    [InlineData("a@null.test", "556 5.1.10 <a@null.test>: Recipient address rejected: Domain null.test does not accept mail (nullMX)")]
    [InlineData("a@example.com", "")]
    public async Task Reject_unknown_recipient_domain(string recipient, string reply) =>
        Assert.Equal(reply, (await CheckAsync("reject_unknown_recipient_domain", recipient)).Verdict.Reply);

    [Theory]
    [InlineData("reject_non_fqdn_sender", "", "bob", "504 5.5.2 <bob>: Sender address rejected: need fully-qualified address")]
    [InlineData("reject_non_fqdn_sender", "", "bob@host", "504 5.5.2 <bob@host>: Sender address rejected: need fully-qualified address")]
    [InlineData("reject_non_fqdn_sender", "", "bob@example.net", "")]
    [InlineData("reject_non_fqdn_sender", "", "", "")]
    [InlineData("reject_non_fqdn_helo_hostname", "host", "", "504 5.5.2 <host>: Helo command rejected: need fully-qualified hostname")]
    [InlineData("reject_non_fqdn_helo_hostname", "[192.0.2.1]", "", "")]
    [InlineData("reject_invalid_helo_hostname", "a..b", "", "501 5.5.2 <a..b>: Helo command rejected: Invalid name")]
    [InlineData("reject_invalid_helo_hostname", "[300.1.1.1]", "", "501 5.5.2 <[300.1.1.1]>: Helo command rejected: invalid ip address")]
    [InlineData("reject_invalid_helo_hostname", "host", "", "")]
    public async Task Names_must_be_complete(string word, string helo, string sender, string reply) =>
        Assert.Equal(reply, (await CheckAsync(word, sender: sender, helo: helo)).Verdict.Reply);

    [Fact]
    public async Task Reject_non_fqdn_recipient() =>
        Assert.Equal("504 5.5.2 <user1>: Recipient address rejected: need fully-qualified address", (await CheckAsync("reject_non_fqdn_recipient", "user1")).Verdict.Reply);

    [Fact]
    public async Task Warn_if_reject_only_warns()
    {
        var (verdict, _, warnings) = await CheckAsync("warn_if_reject reject permit");
        Assert.Equal(VerdictKind.Permit, verdict.Kind);
        Assert.Equal(["reject: 554 5.7.1 <user1@example.com>: Recipient address rejected: Access denied"], warnings);
    }

    [Theory]
    [InlineData(true, "503 5.5.0 <DATA>: Data command rejected: Improper use of SMTP command pipelining")]
    [InlineData(false, "")]
    public async Task Unauthorized_pipelining(bool hasEarlyInput, string reply) =>
        Assert.Equal(reply, (await CheckAsync("reject_unauth_pipelining", subject: Subject.Data, hasEarlyInput: hasEarlyInput)).Verdict.Reply);

    [Theory]
    [InlineData("1.2.3.4", "")]
    [InlineData("1.2", "501 5.5.2 <1.2>: Helo command rejected: Invalid name")]
    [InlineData("2001:db8::1", "")]
    [InlineData("a_b", "")]
    public async Task Names_of_digits_are_addresses_or_nothing(string helo, string reply) =>
        Assert.Equal(reply, (await CheckAsync("reject_invalid_helo_hostname", helo: helo)).Verdict.Reply);
}

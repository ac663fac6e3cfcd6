using System.Net;
using MailServers.Queue;
using MailServers.Queue.Routing;
using MailServers.Queue.SmtpClient;

namespace MailServers.Tests.Queue.SmtpClient;

public sealed class SmtpTransportTests
{
    static House HouseFor(int port, Func<SmtpSettings, SmtpSettings>? adjust = null) => new(s => s with
    {
        Routing = s.Routing with { RelayHost = $"[127.0.0.1]:{port}" },
        Smtp = (adjust ?? (x => x))(s.Smtp with { HeloName = "mx.example.org", Tls = TlsLevel.May }),
    });

    static async Task<string> TryAsync(string pattern, (string, string)[] answers, Func<SmtpSettings, SmtpSettings>? adjust = null, string recipients = "r@else.test", string text = "Subject: x\n\n.dot\n")
    {
        await using var server = new StubServer(answers);
        await using var house = HouseFor(server.Port, adjust);
        await house.SubmitAsync("", recipients, text);
        await house.LoggedAsync(pattern.Replace("PORT", $"{server.Port}"));
        lock (server.Said)
            return string.Join('\n', server.Said);
    }

    [Fact]
    public async Task The_envelope_goes_in_one_piece_and_dots_are_doubled() =>
        Assert.Equal("EHLO mx.example.org\nMAIL FROM:<>\nRCPT TO:<r@else.test>\nRCPT TO:<r2@else.test>\nDATA\nSubject: x\n\n..dot\n.",
            (await TryAsync("smtp: *: to=<r@else.test>, relay=127.0.0.1[127.0.0.1]:PORT, delay=*, delays=*/*/*/*, dsn=2.0.0, status=sent (250 2.0.0 taken)", [], recipients: "r@else.test r2@else.test")).Replace("\nQUIT", ""));

    [Theory]
    [InlineData("Subject: x\n\n\u00fc\n", "dsn=5.6.3, status=bounced (8BITMIME is required, but was not offered by host 127.0.0.1[127.0.0.1])")]
    [InlineData("Subject: x\n\nu\n", "dsn=2.0.0, status=sent (250 2.0.0 taken)")]
    public Task The_eighth_bit_needs_8BITMIME(string text, string expected) => TryAsync($"smtp: *{expected}", [("EHLO", "250 stub")], text: text);

    [Fact]
    public async Task A_server_that_knows_only_HELO_gets_HELO() =>
        Assert.StartsWith("EHLO mx.example.org\nHELO mx.example.org\nMAIL FROM:<>\nRCPT", await TryAsync("smtp: *status=sent (250 2.0.0 taken)", [("EHLO", "502 no")]));

    public static TheoryData<string, string, string> Failures => new()
    {
        { "RCPT", "550 5.1.1 no such user", "dsn=5.1.1, status=bounced (host 127.0.0.1[127.0.0.1] said: 550 5.1.1 no such user (in reply to RCPT TO command))" },
        { "RCPT", "450-4.2.1 two\r\n450 4.2.1 lines", "dsn=4.2.1, status=deferred (host 127.0.0.1[127.0.0.1] said: 450-4.2.1 two 450 4.2.1 lines (in reply to RCPT TO command))" },
        { "MAIL", "451 try later", "dsn=4.0.0, status=deferred (host 127.0.0.1[127.0.0.1] said: 451 try later (in reply to MAIL FROM command))" },
        { "DATA", "554 no", "dsn=5.0.0, status=bounced (host 127.0.0.1[127.0.0.1] said: 554 no (in reply to DATA command))" },
        { ".", "552 5.2.2 full", "dsn=5.2.2, status=bounced (host 127.0.0.1[127.0.0.1] said: 552 5.2.2 full (in reply to end of DATA command))" },
        { ".", "-", "dsn=4.4.2, status=deferred (lost connection with 127.0.0.1[127.0.0.1] while sending end of data -- message may be sent more than once)" },
        { ".", "...", "dsn=4.4.2, status=deferred (conversation with 127.0.0.1[127.0.0.1] timed out while sending end of data -- message may be sent more than once)" },
        { "", "554 go away", "dsn=4.0.0, status=deferred (host 127.0.0.1[127.0.0.1] refused to talk to me: 554 go away)" },
        { "", "hello?", "dsn=4.4.2, status=deferred (malformed reply from 127.0.0.1[127.0.0.1] while receiving the initial server greeting)" },
        { "EHLO", "-", "dsn=4.4.2, status=deferred (lost connection with 127.0.0.1[127.0.0.1] while performing the EHLO handshake)" },
        { "EHLO", "250-stub\r\n250 SIZE 10", "dsn=5.3.4, status=bounced (message size 20 exceeds size limit 10 of server 127.0.0.1[127.0.0.1])" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public Task An_error_is_classified_and_logged(string when, string reply, string expected) =>
        TryAsync($"smtp: *: to=<r@else.test>, *{expected}", [(when, reply)], s => s with { DataDoneTimeout = TimeSpan.FromSeconds(1) });

    [Fact]
    public Task A_closed_port_defers() => TryClosedAsync();

    static async Task TryClosedAsync()
    {
        await using var house = HouseFor(1);
        await house.SubmitAsync("", "r@else.test");
        await house.LoggedAsync("smtp: *: to=<r@else.test>, relay=none, *dsn=4.4.1, status=deferred (connect to 127.0.0.1[127.0.0.1]:1: Connection refused)");
    }

    [Fact]
    public async Task Recipients_of_one_mail_get_results_of_their_own()
    {
        await using var server = new StubServer(("RCPT TO:<no@", "550 5.1.1 no"), ("RCPT TO:<later@", "450 4.2.0 later"));
        await using var house = HouseFor(server.Port);
        var id = await house.SubmitAsync("", "yes@else.test no@else.test later@else.test");
        await house.LoggedAsync($"smtp: {id}: to=<later@else.test>, *status=deferred*");
        Assert.True(house.Log.Has($"smtp: {id}: to=<yes@else.test>, *status=sent (250 2.0.0 taken)"));
        Assert.True(house.Log.Has($"smtp: {id}: to=<no@else.test>, *status=bounced*"));
        await Testing.Eventually.TrueAsync(() => house.Store.Load(id, out _)!.Recipients.Count(r => r.IsDone) == 2, "two are done");
    }

    [Fact]
    public async Task The_next_exchanger_is_tried_when_the_best_one_cannot()
    {
        await using var server = new StubServer();
        await using var house = new House(s => s with { Smtp = s.Smtp with { Port = server.Port }, Routing = s.Routing with { OwnAddresses = [] } });
        house.Mx["else.test"] = (DnsStatus.Found, [new(10, "first.test"), new(20, "second.test")]);
        house.A["first.test"] = [IPAddress.Parse("127.0.0.2")];
        house.A["second.test"] = [IPAddress.Loopback];
        var id = await house.SubmitAsync("", "r@else.test");
        await house.LoggedAsync($"smtp: {id}: to=<r@else.test>, relay=second.test[127.0.0.1]:{server.Port}, *status=sent*");
        Assert.True(house.Log.Has($"smtp: {id}: connect to first.test[127.0.0.2]:{server.Port}: Connection refused"));
    }

    [Fact]
    public Task Tls_that_is_demanded_and_not_offered_defers() => TryAsync(
        "smtp: *dsn=4.7.4, status=deferred (TLS is required, but was not offered by host 127.0.0.1[127.0.0.1])", [], s => s with { Tls = TlsLevel.Encrypt });

    [Fact]
    public Task Attack_words_before_the_handshake_are_not_taken_for_the_servers() => TryAsync(
        "smtp: *status=deferred (host 127.0.0.1[127.0.0.1] sent data before the TLS handshake)",
        [("EHLO", "250-stub\r\n250 STARTTLS"), ("STARTTLS", "220 go\r\n250-stub\r\n250 AUTH PLAIN")], s => s with { Tls = TlsLevel.Encrypt });

    [Fact]
    public Task A_broken_handshake_at_level_may_goes_on_in_the_clear() => TryAsync(
        "smtp: *status=sent (250 2.0.0 taken)", [("EHLO", "250-stub\r\n250 STARTTLS"), ("STARTTLS", "220 go\r\nnonsense")]);

    static SmtpSettings Login(SmtpSettings s, params string[] options) => s with { Authenticate = true, Password = k => k == "127.0.0.1" ? "alice:secret" : null, SaslOptions = options };

    [Fact]
    public async Task Login_by_PLAIN_and_by_LOGIN()
    {
        Assert.Contains("\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\nMAIL FROM", await TryAsync("smtp: *status=sent*", [("EHLO", "250-stub\r\n250-AUTH=LOGIN\r\n250 AUTH PLAIN LOGIN"), ("AUTH", "235 2.7.0 in")], s => Login(s)));
        Assert.Contains("\nAUTH LOGIN\nYWxpY2U=\nc2VjcmV0\nMAIL FROM", (await TryAsync("smtp: *status=sent*", [("EHLO", "250-stub\r\n250 AUTH LOGIN"), ("AUTH LOGIN", "334 VXNlcm5hbWU6"), ("YWxpY2U=", "334 UGFzc3dvcmQ6"), ("c2VjcmV0", "235 in")], s => Login(s)))
            .Replace("AUTH LOGIN YWxpY2U=\n", "AUTH LOGIN\nYWxpY2U=\n"));
    }

    // DIGEST-MD5 signs the server's name, which only we know here.
    [Fact]
    public async Task Login_by_DIGEST_MD5_names_the_server()
    {
        var challenge = Convert.ToBase64String("realm=\"r\",nonce=\"n\",qop=\"auth\",charset=utf-8,algorithm=md5-sess"u8);
        var said = await TryAsync("smtp: *dsn=4.7.0, status=deferred (SASL authentication failed; server 127.0.0.1[127.0.0.1] said: 500 what)",
            [("EHLO", "250-stub\r\n250 AUTH DIGEST-MD5 CRAM-MD5 PLAIN"), ("AUTH DIGEST-MD5", "334 " + challenge)], s => Login(s));
        var response = said.Split('\n').SkipWhile(l => l != "AUTH DIGEST-MD5").ElementAt(1);
        Assert.Contains("digest-uri=\"smtp/127.0.0.1\"", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(response)));
    }

    // SASLprep has no control characters; PLAIN sends any password.
    [Fact]
    public async Task A_password_that_a_mechanism_cannot_take_goes_by_the_next() => Assert.Contains("\nAUTH PLAIN AGFsaWNlAHNlYwdyZXQ=\nMAIL FROM", await TryAsync(
        "smtp: *status=sent*", [("EHLO", "250-stub\r\n250 AUTH SCRAM-SHA-256 PLAIN"), ("AUTH PLAIN", "235 in")], s => Login(s) with { Password = _ => "alice:sec\u0007ret" }));

    [Fact]
    public Task A_wrong_password_defers() => TryAsync(
        "smtp: *dsn=4.7.0, status=deferred (SASL authentication failed; server 127.0.0.1[127.0.0.1] said: 535 5.7.8 no)", [("EHLO", "250-stub\r\n250 AUTH PLAIN"), ("AUTH", "535 5.7.8 no")], s => Login(s));

    // RFC 4954 §4: the command line has 512 bytes.
    [Fact]
    public async Task A_long_password_waits_for_the_challenge()
    {
        var encoded = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes("\0alice\0" + new string('x', 400)));
        Assert.Contains($"\nAUTH PLAIN\n{encoded}\nMAIL FROM", await TryAsync("smtp: *status=sent*", [("EHLO", "250-stub\r\n250 AUTH PLAIN"), ("AUTH PLAIN", "334 "), (encoded, "235 in")],
            s => Login(s) with { Password = _ => "alice:" + new string('x', 400) }));
    }

    [Theory]
    [InlineData("334 go ahead")]
    [InlineData("334 YWdhaW4=")]
    public async Task A_server_that_never_stops_asking_is_told_once_to_stop(string challenge) => Assert.Single((await TryAsync(
        "smtp: *dsn=4.7.0, status=deferred (SASL authentication failed; *", [("EHLO", "250-stub\r\n250 AUTH PLAIN"), ("AUTH", challenge), ("*", challenge)], s => Login(s))).Split('\n'), "*");

    [Fact]
    public async Task A_password_is_not_sent_in_the_clear_unless_that_is_allowed() => Assert.DoesNotContain("AUTH", await TryAsync(
        "smtp: *dsn=4.7.0, status=deferred (SASL authentication failed: server 127.0.0.1[127.0.0.1] offered no compatible authentication mechanisms for this type of connection security)",
        [("EHLO", "250-stub\r\n250 AUTH PLAIN LOGIN")], s => Login(s, "noplaintext")));
}

using System.Net;
using MailServers.Queue;
using MailServers.Queue.Routing;
using MailServers.Queue.SmtpClient;
using MailServers.Tests.Smtp;
using Testing;
using Xunit.Abstractions;

namespace MailServers.Tests.Queue.SmtpClient;

/// <summary>Our client against Debian's Postfix; mail ends in a queue of the test's own or comes back by rule.</summary>
public sealed class PostfixTests(ITestOutputHelper output) : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    readonly int _open = RunningPostfix.FreePort(), _closed = RunningPostfix.FreePort();
    QueueStub? _arrived;
    AuthStub? _auth;
    RunningPostfix? _postfix;

    public async Task InitializeAsync()
    {
        if (RunningPostfix.Missing is { } reason)
        {
            output.WriteLine($"skipped: {reason}");
            return;
        }
        (_arrived, _auth) = (new(_directory["arrived"]), new(_directory["auth"]));
        foreach (var socket in (string[])["arrived", "auth"])
            File.SetUnixFileMode(_directory[socket], (UnixFileMode)0b110_110_110);
        File.WriteAllText(_directory["server.pem"], SmtpTestServer.Pem);
        _postfix = await RunningPostfix.StartAsync(_directory, $$"""
            myhostname = peer.test
            mydestination = peer.test
            mynetworks = 192.0.2.0/24
            message_size_limit = 20000
            local_recipient_maps = inline:{ { r = x } }
            local_transport = lmtp:unix:{{_directory["arrived"]}}
            default_transport = lmtp:unix:{{_directory["arrived"]}}
            smtpd_tls_cert_file = {{_directory["server.pem"]}}
            smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
            smtpd_sasl_type = dovecot
            smtpd_sasl_path = {{_directory["auth"]}}
            """,
            $"127.0.0.1:{_open} -o smtpd_tls_security_level=encrypt", $"127.0.0.1:{_closed} -o smtpd_sasl_auth_enable=yes -o smtpd_tls_security_level=may");
    }

    public async Task DisposeAsync()
    {
        if (_postfix is not null)
            await _postfix.DisposeAsync();
        _arrived?.Dispose();
        _auth?.Dispose();
        _directory.Dispose();
    }

    static House Relaying(int port, Func<SmtpSettings, SmtpSettings>? adjust = null) => new(s => s with
    {
        Routing = s.Routing with { RelayHost = $"[127.0.0.1]:{port}" },
        Smtp = (adjust ?? (x => x))(s.Smtp with { HeloName = "mx.example.org" }),
    });

    [Fact]
    public async Task It_takes_mail_over_STARTTLS_and_its_refusals_are_understood()
    {
        if (_postfix is null)
            return;
        await using var house = Relaying(_open, s => s with { Tls = TlsLevel.Encrypt });
        var id = await house.SubmitAsync("", "r@peer.test unknown@peer.test r@elsewhere.test", "Subject: x\n\n.dot\n..\n\u00fc\n");
        await house.LoggedAsync($"smtp: {id}: to=<r@peer.test>, relay=127.0.0.1[127.0.0.1]:{_open}, *dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as *)");
        Assert.True(house.Log.Has($"smtp: {id}: to=<unknown@peer.test>, *dsn=5.1.1, status=bounced (host 127.0.0.1[127.0.0.1] said: 550 5.1.1 <unknown@peer.test>: Recipient address rejected: User unknown in local recipient table (in reply to RCPT TO command))"), house.Log.ToString());
        Assert.True(house.Log.Has($"smtp: {id}: to=<r@elsewhere.test>, *dsn=5.7.1, status=bounced (host * said: 554 5.7.1 <r@elsewhere.test>: Relay access denied (in reply to RCPT TO command))"), house.Log.ToString());
        Assert.True(house.Log.Has("smtp: Untrusted TLS connection established to 127.0.0.1[127.0.0.1]:*: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"), house.Log.ToString());
        await Eventually.TrueAsync(() => _arrived!.Mails.Count == 1, "Postfix has delivered");
        Assert.EndsWith("\r\n\r\n.dot\r\n..\r\n\u00c3\u00bc\r\n", _arrived!.Mails.First().Text);
    }

    [Fact]
    public async Task A_message_over_its_SIZE_is_returned_before_it_is_sent()
    {
        if (_postfix is null)
            return;
        await using var house = Relaying(_open, s => s with { Tls = TlsLevel.Encrypt });
        await house.SubmitAsync("", "r@peer.test", $"Subject: x\n\n{string.Concat(Enumerable.Repeat(new string('x', 70) + "\n", 300))}");
        await house.LoggedAsync("smtp: *dsn=5.3.4, status=bounced (message size * exceeds size limit 20000 of server 127.0.0.1[127.0.0.1])");
    }

    [Theory]
    [InlineData("PLAIN LOGIN", "PLAIN")]
    [InlineData("LOGIN", "LOGIN")]
    public async Task It_lets_us_relay_when_we_have_logged_in(string offered, string used)
    {
        if (_postfix is null)
            return;
        _auth!.Mechanisms = offered.Split(' ');
        // The key as an administrator writes it in smtp_sasl_password_maps: the relay host, brackets, port and all.
        await using var house = Relaying(_closed, s => s with { Authenticate = true, Password = k => k == $"[127.0.0.1]:{_closed}" ? "user1:secret" : null, SaslOptions = [], SaslTlsOptions = [] });
        var id = await house.SubmitAsync("alice@example.org", "far@away.test");
        await house.LoggedAsync($"smtp: {id}: to=<far@away.test>, relay=*, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as *)");
        await Eventually.TrueAsync(() => _postfix.Log.Contains($"sasl_method={used}, sasl_username=user1"), _postfix.Log);
    }

    [Fact]
    public async Task A_login_that_fails_or_may_not_be_tried_defers_and_bounces_nothing()
    {
        if (_postfix is null)
            return;
        await using (var house = Relaying(_closed, s => s with { Authenticate = true, Password = _ => "user1:wrong", SaslOptions = [], SaslTlsOptions = [] }))
        {
            await house.SubmitAsync("alice@example.org", "far@away.test");
            await house.LoggedAsync("smtp: *dsn=4.7.0, status=deferred (SASL authentication failed; server 127.0.0.1[127.0.0.1] said: 535 5.7.8 Error: authentication failed: authentication failure)");
        }
        await using (var house = Relaying(_closed, s => s with { Authenticate = true, Password = _ => "user1:secret" }))
        {
            await house.SubmitAsync("alice@example.org", "far@away.test");
            await house.LoggedAsync("smtp: *dsn=4.7.0, status=deferred (SASL authentication failed: server 127.0.0.1[127.0.0.1] offered no compatible authentication mechanisms for this type of connection security)");
        }
    }

    [Fact]
    public async Task It_is_found_by_MX_behind_an_exchanger_that_is_down()
    {
        if (_postfix is null)
            return;
        await using var house = new House(s => s with { Smtp = s.Smtp with { Port = _open }, Routing = s.Routing with { OwnAddresses = [] } });
        house.Mx["peer.test"] = (DnsStatus.Found, [new(20, "up.test"), new(10, "down.test")]);
        (house.A["down.test"], house.A["up.test"]) = ([IPAddress.Parse("127.0.0.2")], [IPAddress.Loopback]);
        var id = await house.SubmitAsync("", "r@peer.test");
        await house.LoggedAsync($"smtp: {id}: to=<r@peer.test>, relay=up.test[127.0.0.1]:{_open}, *dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as *)");
    }
}

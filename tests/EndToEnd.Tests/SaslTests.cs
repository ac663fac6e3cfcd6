using System.Diagnostics;
using System.Text;
using Testing;

namespace EndToEnd.Tests;

/// <summary>Walkthrough F: SMTP AUTH end to end, from /etc/sysconfig/saslauthd to the relay.</summary>
public sealed class SaslTests
{
    /// <summary>F1's restrictions, word for word.</summary>
    const string Restrictions = "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, reject_unknown_sender_domain";

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    static string Plain(SystemUser user, string? password = null) => Base64($"\0{user.Name}\0{password ?? user.Password}");

    static TestHouse House(string type)
    {
        var house = new TestHouse().WithSystemUsers();
        house.Configure("main.cf", "smtpd_recipient_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination", $"smtpd_recipient_restrictions = {Restrictions}")
            .Append("main.cf", "smtpd_sasl_application_name = smtpd\nsmtpd_sasl_local_domain = $myhostname");
        if (type == "dovecot")
            house.UseDovecotAuth();
        return house;
    }

    [RootTheory]
    [InlineData("cyrus")]
    [InlineData("dovecot")]
    public async Task F1_F5_Only_one_that_has_logged_in_can_relay(string type)
    {
        await using var house = House(type);
        var user = await house.AddSystemUserAsync();
        await house.StartAsync();
        // broken_sasl_auth_clients: the second spelling right after the first.
        Assert.Contains("250-AUTH PLAIN LOGIN\r\n250-AUTH=PLAIN LOGIN\r\n", await TestHouse.SayAsync(house.Smtp, "EHLO client.example.org", "QUIT"));
        await TestHouse.TalkAsync(house.Smtp, $"""
            S: 220 mail.test.example ESMTP *
            C: HELO client.example.org
            S: 250 mail.test.example
            C: MAIL FROM:<{user.Name}@test.example>
            S: 250 2.1.0 Ok
            C: RCPT TO:<someone@example.org>
            S: 554 5.7.1 <someone@example.org>: Relay access denied
            C: RSET
            S: 250 2.0.0 Ok
            C: AUTH PLAIN {Plain(user, "wrong")}
            S: 535 5.7.8 Error: authentication failed: *
            C: AUTH PLAIN {Plain(user)}
            S: 235 2.7.0 Authentication successful
            C: AUTH LOGIN
            S: 503 5.5.1 Error: already authenticated
            C: MAIL FROM:<{user.Name}@test.example>
            S: 250 2.1.0 Ok
            C: RCPT TO:<someone@example.org>
            S: 250 2.1.5 Ok
            C: QUIT
            S: 221 2.0.0 Bye
            S: [closed]
            """);
        await TestHouse.TalkAsync(house.Smtp, $"""
            S: 220 *
            C: HELO client.example.org
            S: 250 mail.test.example
            C: AUTH LOGIN {Base64(user.Name)}
            S: 334 UGFzc3dvcmQ6
            C: {Base64(user.Password)}
            S: 235 2.7.0 Authentication successful
            C: MAIL FROM:<nobody@no-such-domain.invalid>
            S: 250 2.1.0 Ok
            C: RCPT TO:<someone@example.org>
            S: 250 2.1.5 Ok
            C: QUIT
            S: 221 2.0.0 Bye
            S: [closed]
            """);
        Assert.Contains($"SASL PLAIN authentication failed: ", house.Log);
    }

    [RootFact]
    public async Task F2_F4_The_daemon_runs_by_its_sysconfig_and_testsaslauthd_says_Success()
    {
        await using var house = new TestHouse();
        var user = await house.AddSystemUserAsync("secret");
        await File.WriteAllTextAsync(house["sysconfig"], $"SOCKETDIR={house["saslauthd"]}\nMECH=shadow\nFLAGS=\n");
        // The command line of the unit, with this file in place of those that it names.
        var unit = (await File.ReadAllLinesAsync(Path.Combine(Binaries.Root, "conf/systemd/saslauthd.service"))).Single(l => l.StartsWith("ExecStart=", StringComparison.Ordinal));
        Assert.StartsWith("ExecStart=@sbindir@/saslauthd --defaults ", unit);
        using var daemon = Process.Start(new ProcessStartInfo(Binaries.Path("saslauthd"), ["--defaults", house["none"], "--defaults", house["sysconfig"], unit.Split(' ')[^1]])
        {
            RedirectStandardError = true,
        })!;
        try
        {
            await Eventually.TrueAsync(() => File.Exists(house["saslauthd/mux"]), "the socket", TestHouse.Patience);
            var ok = await Run.Async(Binaries.Path("testsaslauthd"), "-u", user.Name, "-p", "secret", "-f", house["saslauthd/mux"]);
            Assert.Equal((0, "0: OK \"Success.\"\n"), (ok.Status, ok.Output));
            var no = await Run.Async(Binaries.Path("testsaslauthd"), "-u", user.Name, "-p", "wrong", "-f", house["saslauthd/mux"]);
            Assert.Equal((255, "0: NO \"authentication failed\"\n"), (no.Status, no.Output));
        }
        finally
        {
            TestHouse.Signal(daemon.Id, "TERM");
            await daemon.WaitForExitAsync().WaitAsync(TestHouse.Patience);
        }
        Assert.Equal(0, daemon.ExitCode);
    }

    [RootFact]
    public async Task F3_The_log_names_what_was_refused_and_never_the_password()
    {
        await using var house = House("cyrus");
        house.Append("sasl2/smtpd.conf", "log_level: 3");
        var user = await house.AddSystemUserAsync();
        await house.StartAsync();
        var swaks = await Run.Async("swaks", "--server", $"127.0.0.1:{house.Submission}", "--tls", "--auth", "LOGIN", "--auth-user", user.Name, "--auth-password", user.Password,
            "--from", $"{user.Name}@test.example", "--to", $"{user.Name}@test.example", "--silent", "2");
        Assert.True(swaks.Status == 0, swaks.All + house.Log);
        await Eventually.TrueAsync(() => user.Mails().Length == 1, "the mail", TestHouse.Patience, () => house.Log);
        Assert.Contains($"sasl_method=LOGIN, sasl_username={user.Name}", house.Log);
        Assert.DoesNotContain(user.Password, house.Log + await File.ReadAllTextAsync(house["saslauthd.log"]));
    }

    [RootFact]
    public async Task F5_A_client_of_mynetworks_may_relay_without_a_login()
    {
        await using var house = House("cyrus");
        house.Configure("main.cf", "mynetworks =\n", "mynetworks = 127.0.0.2/32\n");
        await house.StartAsync();
        foreach (var (from, answer) in new[] { ("127.0.0.2", "250 2.1.5 Ok"), ("127.0.0.3", "554 5.7.1 <someone@example.org>: Relay access denied") })
        {
            await TestHouse.TalkAsync(house.Smtp, $"""
                S: 220 *
                C: HELO client.example.org
                S: 250 mail.test.example
                C: MAIL FROM:<>
                S: 250 2.1.0 Ok
                C: RCPT TO:<someone@example.org>
                S: {answer}
                C: QUIT
                S: 221 2.0.0 Bye
                S: [closed]
                """, from: from);
        }
    }
}

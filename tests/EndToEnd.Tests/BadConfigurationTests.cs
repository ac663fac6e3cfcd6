using Testing;

namespace EndToEnd.Tests;

/// <summary>A broken configuration: every error at once with file, line and a suggestion, and the start refused; check says the same.</summary>
public sealed class BadConfigurationTests
{
    [Fact]
    public async Task Every_error_is_told_at_once_with_its_line_and_nothing_starts()
    {
        await using var house = new TestHouse();
        house.Append("main.cf", "smtpd_sasl_auth_enabled = yes\nmynetworks = 192.0.2.1/24\nsmtpd_helo_required = true\ninet_protocols = ipv5")
            .Append("dovecot.conf", "mail_locaton = maildir:~/Maildir\nssl = perhaps\nservice imap-login {\n  inet_listner imap {\n  }\n}")
            .Append("master.cf", "submission inet n - n - smtpd")
            .Append("sasl2/smtpd.conf", "pwcheck_metod: saslauthd");
        var start = await Run.Async(Binaries.Path("mailsupervisor"), "-c", house["etc"], "--log=stderr");
        Assert.Equal(78, start.Status);
        foreach (var (file, words) in new[]
        {
            ("main.cf", "unknown parameter: smtpd_sasl_auth_enabled (did you mean \"smtpd_sasl_auth_enable\"?)"),
            ("main.cf", "non-null host address bits in \"192.0.2.1/24\""),
            ("main.cf", "bad boolean configuration: smtpd_helo_required = true"),
            ("main.cf", "unknown protocol: \"ipv5\""),
            ("dovecot.conf", "Unknown setting: mail_locaton (did you mean \"mail_location\"?)"),
            ("dovecot.conf", "bad value: ssl = perhaps (one of: no, yes, required)"),
            ("dovecot.conf", "inet_listner"),
            ("master.cf", "7 of 8 fields"),
            ("sasl2/smtpd.conf", "pwcheck_metod"),
        })
            Assert.True(start.Error.Split('\n').Any(l => l.Contains($"{house["etc/" + file]}, line ") && l.Contains(words)), $"{file}: {words} is not among\n{start.Error}");
        var check = await Run.Async(Binaries.Path("mailctl"), "check", "-c", house["etc"]);
        Assert.NotEqual(0, check.Status);
        // The same problems, told by the command that an administrator asks.
        foreach (var line in start.Error.Split('\n').Where(l => l.Contains(", line ")))
            Assert.Contains(line[line.IndexOf('/')..], check.All);
    }

    [Fact]
    public async Task An_open_relay_does_not_start()
    {
        await using var house = new TestHouse();
        house.Configure("main.cf", "smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination", "smtpd_relay_restrictions = permit_mynetworks")
            .Configure("main.cf", "smtpd_recipient_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination", "smtpd_recipient_restrictions = permit");
        var start = await Run.Async(Binaries.Path("mailsupervisor"), "-c", house["etc"], "--log=stderr");
        Assert.Equal(78, start.Status);
        Assert.Contains("in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of: reject_unauth_destination", start.Error);
    }

    [Fact]
    public async Task A_port_that_somebody_else_has_is_named_and_nobody_is_left_running()
    {
        await using var house = new TestHouse();
        await house.AddUserAsync("demo", "x");
        using var taken = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, house.Imap));
        taken.Listen();
        await Run.OkAsync(Binaries.Path("mailctl"), "certificate", "-o", house["etc/mail.pem"], "localhost");
        var start = await Run.Async(Binaries.Path("mailsupervisor"), "-c", house["etc"], "--log=stderr");
        Assert.Equal(69, start.Status);
        Assert.Contains($"imap: cannot bind 127.0.0.1:{house.Imap}: Address already in use", start.Error);
    }
}

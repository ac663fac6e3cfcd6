using Testing;

namespace EndToEnd.Tests;

/// <summary>README, "Into production", step by step with the shipped configuration, untouched.</summary>
public sealed class ProductionTests
{
    [NamespaceFact]
    public Task The_installed_house_serves_a_system_user_with_the_capabilities_of_its_units() => WithUserAsync(async (machine, user) =>
    {
        await machine.StartAsync("saslauthd");
        var checkedBy = await machine.RunAsync(null, machine.Installation["usr/sbin/testsaslauthd"], "-u", user.Name, "-p", user.Password);
        Assert.Equal("0: OK \"Success.\"\n", checkedBy.Output);
        var house = await machine.StartAsync("mailsupervisor");
        Assert.Equal("no problem found\n", (await machine.RunAsync(null, machine.Installation["usr/bin/mailctl"], "check", "-c", machine.Installation["etc"])).Output);

        await SendAsync(machine, user, "127.0.0.1:25", "from the fresh machine");
        await ReadAsync(machine, user, "imap://127.0.0.1/INBOX;MAILINDEX=1;SECTION=HEADER", "from the fresh machine");
        await ReadAsync(machine, user, "pop3://127.0.0.1/1", "from the fresh machine");

        await machine.RunAsync(null, "swaks", "--server", "127.0.0.1", "--auth", "PLAIN", "--auth-user", user.Name, "--auth-password", "wrong", "--quit-after", "AUTH");
        await machine.RunAsync(null, "curl", "-s", "-u", $"{user.Name}:wrong", "imap://127.0.0.1/");
        await Eventually.TrueAsync(async () => await BannedAsync(machine) == 2, "two lines for fail2ban", TimeSpan.FromSeconds(60));
        // And those of Debian's own filters, for whoever has their jails (postfix-sasl, dovecot) at work already.
        foreach (var stock in (string[])["/etc/fail2ban/filter.d/postfix.conf[mode=auth]", "/etc/fail2ban/filter.d/dovecot.conf"])
            Assert.Equal((stock, 1), (stock, await BannedAsync(machine, stock)));

        TestHouse.Signal(house.Id, "TERM");
        await house.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(house.ExitCode == 0, machine.Log);
        Assert.DoesNotContain("Permission denied", machine.Log);
        Assert.DoesNotContain("Operation not permitted", machine.Log);
    });

    [NamespaceFact]
    public Task A_certificate_and_what_is_commented_out_open_the_other_ports_at_a_reload() => WithUserAsync(async (machine, user) =>
    {
        await machine.StartAsync("saslauthd");
        var house = await machine.StartAsync("mailsupervisor");
        var pem = machine.Installation["etc/mail.pem"];
        await machine.RunAsync(null, machine.Installation["usr/bin/mailctl"], "certificate", "-o", pem, "localhost");
        Uncomment("postfix/master.cf", "submission", "  -o");
        Uncomment("postfix/main.cf", "smtpd_tls_");
        Uncomment("dovecot/conf.d/10-ssl.conf", "ssl_", "ssl = required");
        TestHouse.Signal(house.Id, "HUP");

        await Eventually.TrueAsync(async () => (await machine.RunAsync(null, "nc", "-z", "127.0.0.1", "465")).Status == 0, "port 465", TimeSpan.FromSeconds(60));
        await SendAsync(machine, user, "127.0.0.1:587", "by STARTTLS", "--tls");
        await SendAsync(machine, user, "127.0.0.1:465", "by TLS", "--tlsc");
        await ReadAsync(machine, user, "imaps://127.0.0.1/INBOX;MAILINDEX=1;SECTION=HEADER", "by STARTTLS");
        await ReadAsync(machine, user, "pop3s://127.0.0.1/2", "by TLS");

        void Uncomment(string file, params string[] beginnings)
        {
            var path = machine.Installation["etc/" + file];
            var text = File.ReadLines(path).Select(l => beginnings.Any(b => l.StartsWith("#" + b, StringComparison.Ordinal)) ? l[1..] : l == "ssl = no" ? "" : l);
            File.WriteAllText(path, string.Join('\n', text).Replace("/etc/ssl/mail.pem", pem));
        }
    });

    [NamespaceFact]
    public async Task The_auth_server_alone_serves_somebody_elses_mail_server()
    {
        await using var machine = new FreshMachine();
        await machine.BootAsync();
        var conf = machine.Installation["etc/dovecot/conf.d/10-auth.conf"];
        await File.WriteAllTextAsync(conf, (await File.ReadAllTextAsync(conf)).Replace("/var/spool/sasl/private/auth", "/var/spool/postfix/private/auth")
            .Replace("= mailfront", "= nobody").Replace("group = nobody", "group = nogroup"));
        await machine.RunAsync(null, "sh", "-c", "mkdir -p /run/sasl /var/spool/postfix/private && chown -R nobody /var/spool/postfix && chmod 700 /var/spool/postfix/private");
        await machine.StartAsync("authserver");
        var greeting = await machine.RunAsync("VERSION\t1\t2\nCPID\t1\n", "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
            "timeout", "3", "nc", "-U", "/var/spool/postfix/private/auth");
        Assert.Contains("MECH\tPLAIN", greeting.Output);
    }

    /// <summary>How many lines of the log a fail2ban filter, ours by default, takes for a failed login. Syslog would have put the host's name in.</summary>
    static async Task<int> BannedAsync(FreshMachine machine, string? filter = null)
    {
        var lines = machine.Installation["lines"];
        await File.WriteAllLinesAsync(lines, machine.Log.Split('\n').Where(l => l.Length > 16).Select(l => l.Insert(16, "host ")));
        await Run.OkAsync("cp", "-n", "/etc/fail2ban/filter.d/common.conf", machine.Installation["etc/fail2ban/filter.d"]);
        var report = await Run.OkAsync("fail2ban-regex", lines, filter ?? machine.Installation["etc/fail2ban/filter.d/sasl-mail.conf"]);
        return int.Parse(report.Split(" ignored, ")[1].Split(" matched")[0]);
    }

    static async Task SendAsync(FreshMachine machine, SystemUser user, string server, string subject, params string[] options)
    {
        var sent = await machine.RunAsync(null, "swaks", ["--server", server, "--auth", "PLAIN", "--auth-user", user.Name, "--auth-password", user.Password,
            "--from", $"{user.Name}@localhost", "--to", $"{user.Name}@localhost", "--header", $"Subject: {subject}", .. options]);
        Assert.True(sent.Status == 0, sent.All + machine.Log);
    }

    static Task ReadAsync(FreshMachine machine, SystemUser user, string url, string subject) => Eventually.TrueAsync(
        async () => (await machine.RunAsync(null, "curl", "-s", "-k", "-u", $"{user.Name}:{user.Password}", url)).Output.Contains($"Subject: {subject}"),
        $"{subject} at {url}", TimeSpan.FromSeconds(60));

    /// <summary>A fresh machine with one mail user.</summary>
    static async Task WithUserAsync(Func<FreshMachine, SystemUser, Task> test)
    {
        await using var machine = new FreshMachine();
        await machine.BootAsync();
        await using var user = await SystemUser.CreateAsync(machine.Installation["home"]);
        try
        {
            await test(machine, user);
        }
        finally
        {
            // A worker may run as the user, who is to go.
            await machine.ShutDownAsync();
        }
    }
}

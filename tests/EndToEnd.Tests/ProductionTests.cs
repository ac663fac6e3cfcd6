using Testing;

namespace EndToEnd.Tests;

/// <summary>README, "Into production", step by step with the shipped configuration, untouched.</summary>
public sealed class ProductionTests
{
    const string User = "housetest1", Password = "correct horse";

    [NamespaceFact]
    public async Task The_installed_house_serves_a_system_user_with_the_capabilities_of_its_units()
    {
        await using var machine = new FreshMachine();
        await machine.BootAsync();
        await Eventually.TrueAsync(async () => (await Run.Async("useradd", "-m", "-s", "/usr/sbin/nologin", User)).Status is 0 or 9, "useradd gets the lock", TimeSpan.FromSeconds(60));
        try
        {
            Assert.Equal(0, (await Run.WithInputAsync($"{User}:{Password}\n", "chpasswd")).Status);
            await machine.StartAsync("saslauthd");
            var checkedBy = await machine.RunAsync(null, machine.Installation["usr/sbin/testsaslauthd"], "-u", User, "-p", Password);
            Assert.Equal("0: OK \"Success.\"\n", checkedBy.Output);

            var house = await machine.StartAsync("mailsupervisor");
            Assert.Equal("no problem found\n", (await machine.RunAsync(null, machine.Installation["usr/bin/mailctl"], "check", "-c", machine.Installation["etc"])).Output);
            var sent = await machine.RunAsync(null, "swaks", "--server", "127.0.0.1", "--auth", "PLAIN", "--auth-user", User, "--auth-password", Password,
                "--from", $"{User}@localhost", "--to", $"{User}@localhost", "--header", "Subject: from the fresh machine");
            Assert.True(sent.Status == 0, sent.All + machine.Log);

            await Eventually.TrueAsync(async () => (await CurlAsync(machine, "imap://127.0.0.1/INBOX;MAILINDEX=1;SECTION=HEADER")).Contains("Subject: from the fresh machine"),
                "the mail over IMAP", TimeSpan.FromSeconds(60));
            Assert.Contains("Subject: from the fresh machine", await CurlAsync(machine, "pop3://127.0.0.1/1"));

            await machine.RunAsync(null, "swaks", "--server", "127.0.0.1", "--auth", "PLAIN", "--auth-user", User, "--auth-password", "wrong", "--quit-after", "AUTH");
            await machine.RunAsync(null, "curl", "-s", "-u", $"{User}:wrong", "imap://127.0.0.1/");
            await Eventually.TrueAsync(async () => await BannedAsync(machine) == 2, "two lines for fail2ban", TimeSpan.FromSeconds(60));

            // systemctl reload: a new process serves the same port.
            TestHouse.Signal(house.Id, "HUP");
            await Eventually.TrueAsync(() => machine.Log.Contains("reload -- configuration"), "the reload", TimeSpan.FromSeconds(60));
            Assert.Contains("Subject: from the fresh machine", await CurlAsync(machine, "pop3://127.0.0.1/1"));

            TestHouse.Signal(house.Id, "TERM");
            await house.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            Assert.True(house.ExitCode == 0, machine.Log);
            Assert.DoesNotContain("Permission denied", machine.Log);
            Assert.DoesNotContain("Operation not permitted", machine.Log);
        }
        finally
        {
            await Run.Async("userdel", "-rf", User);
        }
    }

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

    /// <summary>How many lines of the log our fail2ban filter takes for a failed login. Syslog would have put the host's name in.</summary>
    static async Task<int> BannedAsync(FreshMachine machine)
    {
        var lines = machine.Installation["lines"];
        await File.WriteAllLinesAsync(lines, machine.Log.Split('\n').Where(l => l.Length > 16).Select(l => l.Insert(16, "host ")));
        await Run.OkAsync("cp", "-n", "/etc/fail2ban/filter.d/common.conf", machine.Installation["etc/fail2ban/filter.d"]);
        var report = await Run.OkAsync("fail2ban-regex", lines, machine.Installation["etc/fail2ban/filter.d/sasl-mail.conf"]);
        return int.Parse(report.Split(" ignored, ")[1].Split(" matched")[0]);
    }

    static async Task<string> CurlAsync(FreshMachine machine, string url) =>
        (await machine.RunAsync(null, "curl", "-s", "-u", $"{User}:{Password}", url)).Output;
}

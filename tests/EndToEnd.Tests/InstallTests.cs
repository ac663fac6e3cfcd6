using Sasl.Hosting.Unix;

namespace EndToEnd.Tests;

public sealed class InstallTests : IDisposable
{
    const string Programs = "usr/local/sbin/", Etc = "etc/";

    readonly Installation _installation = new();

    public void Dispose() => _installation.Dispose();

    [Fact]
    public async Task Every_file_is_in_its_place_with_its_mode_and_there_is_no_other()
    {
        var said = await _installation.StageAsync();
        Assert.Equal("", said);
        var root = _installation["root"];
        var found = Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(f => $"{ModeOf(f)} {Path.GetRelativePath(root, f)}").Order(StringComparer.Ordinal);
        string[] expected =
        [
            .. new[] { "saslauthd", "saslworker", "testsaslauthd", "authserver", "mailsupervisor", "mailservers" }.Select(p => $"755 {Programs}{p}"),
            "755 usr/local/bin/mailctl",
            $"testsaslauthd {Programs}saslcache",
            .. Installation.Classic.Split(' ').Select(l => $"../bin/mailctl {Programs}{l}"),
            .. new[] { "saslauthd.service", "saslauthd@.service", "saslauthd.socket", "authserver.service", "mailsupervisor.service" }.Select(u => $"644 usr/local/lib/systemd/system/{u}"),
            .. new[]
            {
                "postfix/main.cf", "postfix/master.cf", "sasl2/smtpd.conf", "default/saslauthd", "pam.d/imap", "pam.d/pop3", "pam.d/smtp",
                "fail2ban/filter.d/sasl-mail.conf", "fail2ban/filter.d/saslauthd.conf", "fail2ban/jail.d/sasl-mail.conf", "dovecot/dovecot.conf", "dovecot/conf.d/10-auth.conf",
                "dovecot/conf.d/10-mail.conf", "dovecot/conf.d/10-master.conf", "dovecot/conf.d/10-ssl.conf", "dovecot/conf.d/20-protocols.conf",
            }.Select(f => $"644 {Etc}{f}"),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), found);
        Assert.All(Directory.GetDirectories(root, "*", SearchOption.AllDirectories), d => Assert.Equal("755", ModeOf(d)));
    }

    [Fact]
    public async Task A_second_run_keeps_what_was_edited_says_so_and_renews_programs_and_units()
    {
        await _installation.StageAsync();
        string[] edited = ["postfix/main.cf", "dovecot/conf.d/10-auth.conf", "default/saslauthd", "sasl2/smtpd.conf"];
        foreach (var file in edited)
            await File.AppendAllTextAsync(_installation["root/etc/" + file], "# mine\n");
        var unit = _installation["root/usr/local/lib/systemd/system/mailsupervisor.service"];
        await File.WriteAllTextAsync(unit, "old");
        await File.WriteAllTextAsync(_installation["root/" + Programs + "mailservers"], "old");

        var said = await _installation.StageAsync();
        Assert.Equal(edited.Select(f => $"kept /etc/{f}").Order(StringComparer.Ordinal), said.TrimEnd().Split('\n').Order(StringComparer.Ordinal));
        Assert.All(edited, f => Assert.EndsWith("# mine\n", File.ReadAllText(_installation["root/etc/" + f])));
        Assert.Contains("ExecStart=/usr/local/sbin/mailsupervisor -c /etc", await File.ReadAllLinesAsync(unit));
        Assert.True(new FileInfo(_installation["root/" + Programs + "mailservers"]).Length > 100_000);
    }

    [Fact]
    public async Task Beside_somebodys_own_Postfix_and_Dovecot_nothing_is_added()
    {
        Directory.CreateDirectory(_installation["root/etc/postfix"]);
        Directory.CreateDirectory(_installation["root/etc/dovecot/conf.d"]);
        Directory.CreateDirectory(_installation["root/usr/local/sbin"]);
        Directory.CreateDirectory(_installation["root/etc/sysconfig"]);
        await File.WriteAllTextAsync(_installation["root/etc/postfix/main.cf"], "myhostname = mine.example\n");
        await File.WriteAllTextAsync(_installation["root/etc/dovecot/dovecot.conf"], "!include conf.d/*.conf\n");
        await File.WriteAllTextAsync(_installation["root/usr/local/sbin/sendmail"], "another's");

        var said = await _installation.StageAsync();
        Assert.Equal(["kept /etc/dovecot/dovecot.conf", "kept /etc/postfix/main.cf", "kept /usr/local/sbin/sendmail: it is somebody else's"],
            said.TrimEnd().Split('\n').Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(_installation["root/etc/dovecot/conf.d"]));
        Assert.False(File.Exists(_installation["root/etc/postfix/master.cf"]));
        Assert.Equal("another's", await File.ReadAllTextAsync(_installation["root/usr/local/sbin/sendmail"]));
        Assert.True(File.Exists(_installation["root/etc/sysconfig/saslauthd"]));
        Assert.False(File.Exists(_installation["root/etc/default/saslauthd"]));
    }

    [Fact]
    public async Task The_installed_programs_run_and_find_no_problem_in_the_installed_configuration()
    {
        await _installation.StageAsync();
        Assert.Equal("no problem found\n", await Run.OkAsync(_installation["root/usr/local/bin/mailctl"], "check", "-c", _installation["root/etc"]));
        Assert.Contains("smtpd_sasl_path = private/auth", await Run.OkAsync(_installation["root/usr/local/sbin/postconf"], "-n", "-c", _installation["root/etc/postfix"]));
        await Run.OkAsync(_installation["root/usr/local/sbin/mailsupervisor"], "-c", _installation["root/etc"], "--check");
    }

    [Fact]
    public async Task The_service_manager_accepts_the_units_and_finds_them_well_confined()
    {
        await _installation.InPlaceAsync();
        string[] units = [.. Directory.GetFiles(_installation["usr/lib/systemd/system"])];
        Assert.Equal(5, units.Length);
        // A template is judged as an instance of it.
        Assert.Equal("", await Run.OkAsync("systemd-analyze", ["verify", "--man=no", .. units.Select(u => u.Replace("@.", "@postfix."))]));
        // Tenths: 100 is a service without any confinement. Those that make their children somebody else, or that call servers, cannot be lower.
        foreach (var unit in units.Where(u => u.EndsWith(".service", StringComparison.Ordinal)))
            await Run.OkAsync("systemd-analyze", "security", "--offline=yes", $"--threshold={(unit.EndsWith("/authserver.service", StringComparison.Ordinal) ? 27 : unit.Contains("/saslauthd") ? 30 : 35)}", unit);
    }

    [Fact]
    public async Task The_fail2ban_jail_is_complete_and_off_until_it_is_wanted()
    {
        await _installation.StageAsync();
        var jail = _installation["root/etc/fail2ban/jail.d/sasl-mail.conf"];
        Assert.Contains("enabled  = false", await File.ReadAllLinesAsync(jail));
        foreach (var directory in new[] { "filter.d", "action.d" })
            await Run.OkAsync("cp", "-rn", $"/etc/fail2ban/{directory}", _installation["root/etc/fail2ban"]);
        foreach (var file in new[] { "fail2ban.conf", "jail.conf", "paths-common.conf", "paths-debian.conf" })
            File.Copy($"/etc/fail2ban/{file}", _installation[$"root/etc/fail2ban/{file}"]);
        await File.WriteAllTextAsync(_installation["root/etc/fail2ban/jail.d/zz.local"], "[sasl-mail]\nenabled = true\n");
        Assert.Contains("OK", await Run.OkAsync("fail2ban-client", "-c", _installation["root/etc/fail2ban"], "-t"));
    }

    /// <summary>The permission bits, or where a link leads.</summary>
    static string ModeOf(string path) => new FileInfo(path).LinkTarget ?? Convert.ToString(Files.Status(path)!.Value.Permissions, 8);
}

using System.Diagnostics;
using MailServers.Login;
using Testing;

namespace MailServers.Tests.Login;

/// <summary>Debian's fail2ban and its own dovecot filter judge the lines.</summary>
public sealed class Fail2BanTests
{
    const string Program = "/usr/bin/fail2ban-regex", Filter = "/etc/fail2ban/filter.d/dovecot.conf";

    static async Task<string> MatchedAsync(IEnumerable<string> lines)
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllLinesAsync(directory["mail.log"], lines.Select(l => $"Nov 24 05:00:00 host dovecot[17]: imap-login: {l}"));
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true };
        foreach (var argument in (string[])["--print-all-matched", directory["mail.log"], Filter])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return text;
    }

    static string Number(string report) => report.Split('\n').Last(l => l.StartsWith("Lines:", StringComparison.Ordinal)).Trim();

    [InstalledFact(Program)]
    public async Task Each_failed_session_is_matched_once_and_no_other_line_is()
    {
        await using var house = LoginHouse.Imap(LoginHouse.Open with { LoginTimeout = TimeSpan.FromSeconds(60) });
        // matched, three times each (once per pace)
        await house.PlayAsync("S: * OK *\nC: a LOGIN bob wrong\nS: a NO *\nC: b LOGIN bob wrong\nS: b NO *");
        await house.PlayAsync("S: * OK *\nC: a LOGIN bob wrong\nS: a NO *\nC: b LOGOUT\nS: * BYE *\nS: b OK *");
        await house.PlayAsync("S: * OK *\nC: a LOGIN bob wrong\nS: a NO *\nC: X\nS: * BAD *\nC: X\nS: * BAD *\nC: X\nS: * BYE *\nS: [closed]");
        // not matched
        await house.PlayAsync("S: * OK *\nC: a LOGIN bob wrong\nS: a NO *\nC: b LOGIN alice secret\nS: b OK *\nC: bye\nS: worker: bye");
        await house.PlayAsync("S: * OK *\nC: a LOGIN temporary x\nS: a NO *");
        await house.PlayAsync("S: * OK *\nC: b LOGOUT\nS: * BYE *\nS: b OK *");
        Assert.Equal(18, house.Log.All.Count);
        Assert.Equal("Lines: 18 lines, 0 ignored, 9 matched, 9 missed", (await ReportAsync(house)).Split('\n')[0][.."Lines: 18 lines, 0 ignored, 9 matched, 9 missed".Length]);
    }

    [InstalledFact(Program)]
    public async Task A_session_that_the_server_ended_is_matched_too()
    {
        await using var house = LoginHouse.Imap(LoginHouse.Open with { ClientLimit = 1 });
        var (dropped, first) = house.Connect();
        await Dialogue.PlayAsync(new System.Net.Sockets.NetworkStream(dropped, ownsSocket: true), "S: * OK *\nC: a LOGIN bob wrong\nS: a NO *", Pace.Whole);
        var (drained, second) = house.Connect();
        await first.WaitAsync(TimeSpan.FromSeconds(60));
        await Dialogue.PlayAsync(new System.Net.Sockets.NetworkStream(drained, ownsSocket: true), "S: * OK *\nC: a LOGIN bob wrong\nS: a NO *", Pace.Whole);
        await house.Draining.CancelAsync();
        await second.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains(house.Log.All, l => l.StartsWith("Disconnected: Connection queue full (auth failed, 1 attempts in ", StringComparison.Ordinal));
        Assert.Contains(house.Log.All, l => l.StartsWith("Disconnected: Shutting down (auth failed, 1 attempts in ", StringComparison.Ordinal));
        Assert.StartsWith("Lines: 2 lines, 0 ignored, 2 matched, 0 missed", await ReportAsync(house));
    }

    [InstalledFact(Program)]
    public async Task Every_other_way_to_end_is_matched_after_a_wrong_password()
    {
        string[] ways = ["Disconnected: Inactivity", "Disconnected: Input too long", "Disconnected: Internal login failure"];
        var report = await MatchedAsync(ways.Select(static w => $"{w} (auth failed, 1 attempts in 2 secs): user=<bob>, method=PLAIN, rip=192.0.2.7, lip=198.51.100.1, session=<x>"));
        Assert.StartsWith("Lines: 3 lines, 0 ignored, 3 matched, 0 missed", Number(report));
    }

    [InstalledFact(Program)]
    public async Task A_cleartext_attempt_on_an_open_line_is_matched()
    {
        await using var house = LoginHouse.Pop3(new LoginSettings(), tls: true);
        await house.PlayAsync("S: +OK *\nC: AUTH PLAIN AGFsaWNlAHNlY3JldA==\nS: -ERR *");
        Assert.StartsWith("Lines: 3 lines, 0 ignored, 3 matched, 0 missed", await ReportAsync(house));
    }

    [InstalledFact(Program)]
    public async Task Attack_a_user_name_cannot_put_another_address_into_the_line_nor_hide_its_own()
    {
        await using var house = LoginHouse.Imap();
        await house.PlayAsync("S: * OK *\nC: a LOGIN \"bob>, method=PLAIN, rip=203.0.113.66, x=<\" wrong\nS: a NO *");
        var report = await MatchedAsync(house.Log.All);
        Assert.StartsWith("Lines: 3 lines, 0 ignored, 3 matched, 0 missed", Number(report));
        Assert.DoesNotContain("203.0.113.66 ", report.Split("Date template hits")[0].Split("Failregex")[1].Split('|', 3)[1]);
    }

    [InstalledFact(Program)]
    public async Task Attack_a_bogus_mechanism_at_the_end_does_not_hide_the_wrong_passwords_before_it()
    {
        await using var house = LoginHouse.Imap();
        await house.PlayAsync("S: * OK *\nC: a LOGIN bob wrong\nS: a NO *\nC: b AUTHENTICATE BOGUS\nS: b NO *");
        Assert.StartsWith("Lines: 3 lines, 0 ignored, 3 matched, 0 missed", await ReportAsync(house));
    }

    static async Task<string> ReportAsync(LoginHouse house) => Number(await MatchedAsync(house.Log.All));
}

/// <summary>Runs only where a program is installed; says so where it is not.</summary>
sealed class InstalledFactAttribute : FactAttribute
{
    public InstalledFactAttribute(string program)
    {
        if (!File.Exists(program))
            Skip = $"{program} is not installed";
    }
}

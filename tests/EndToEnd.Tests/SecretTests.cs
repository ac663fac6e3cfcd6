using System.Text;
using Testing;

namespace EndToEnd.Tests;

/// <summary>Invariant 7: no secret reaches a log, a command line, an environment or a file of the house, however much the logs say.</summary>
public sealed class SecretTests
{
    const string Right = "Xk7-right-Secret", Wrong = "Xk7-wrong-Secret";

    [Fact]
    public async Task No_password_is_in_a_log_a_command_line_or_a_file_of_the_house()
    {
        await using var house = new TestHouse();
        house.Append("main.cf", "smtpd_tls_loglevel = 4").Append("sasl2/smtpd.conf", "log_level: 7")
            .Append("dovecot.conf", "auth_verbose = yes\nauth_debug = yes").Configure("dovecot.conf", "disable_plaintext_auth = yes", "disable_plaintext_auth = no");
        await house.AddUserAsync("demo", Right);
        await house.StartAsync();
        foreach (var password in new[] { Wrong, Right })
        {
            var plain = Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0demo\0{password}"));
            await TestHouse.SayAsync(house.Smtp, "EHLO x", $"AUTH PLAIN {plain}", "QUIT");
            await TestHouse.SayAsync(house.Smtp, "EHLO x", "AUTH LOGIN", Base64("demo"), Base64(password), "QUIT");
            // Mistakes that put a secret where none is expected.
            await TestHouse.SayAsync(house.Smtp, "EHLO x", $"AUTHPLAIN {plain}", plain, password, $"AUTH PLAIN {plain} {password}", "QUIT");
            await TestHouse.SayAsync(house.Imap, $"a LOGIN demo {password}", "b LOGOUT");
            await TestHouse.SayAsync(house.Imap, $"a AUTHENTICATE PLAIN {plain}", "b LOGOUT");
            await TestHouse.SayAsync(house.Imap, $"a LOGIN {password}", $"{password} x", $"b LOGINN demo {password}", "c LOGOUT");
            await TestHouse.SayAsync(house.Pop3, "USER demo", $"PASS {password}", "QUIT");
            await TestHouse.SayAsync(house.Pop3, $"AUTH PLAIN {plain}", "QUIT");
            await TestHouse.SayAsync(house.Pop3, $"PASS {password}", $"USER demo {password}", "QUIT");
        }
        Assert.Equal(0, await house.StopSupervisorAsync());

        string[] traces = [Right, Wrong, .. new[] { Right, Wrong }.SelectMany(p => new[] { Base64(p), Base64($"\0demo\0{p}") })];
        var guilty = Directory.EnumerateFiles(house[""], "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(f => Sasl.Hosting.Unix.Files.Status(f)!.Value.IsRegular && !f.EndsWith(".sqlite", StringComparison.Ordinal))
            .SelectMany(f => traces.Where(File.ReadAllText(f).Contains).Select(t => $"{f} holds {t}"));
        Assert.True(!guilty.Any(), string.Join("\n", house.Log.Split('\n').Where(l => traces.Any(l.Contains))));
        // The log is there and talks: the search above has looked at something.
        Assert.Contains("authentication failed", house.Log);
        Assert.DoesNotContain(Right, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(house["etc/sasldb.sqlite"])));
    }

    [Fact]
    public async Task No_process_shows_a_secret_to_ps_and_none_leaves_a_core()
    {
        await using var house = new TestHouse();
        await house.AddUserAsync("demo", Right);
        await house.StartAsync();
        var key = string.Concat((await File.ReadAllLinesAsync(house["etc/mail.pem"])).SkipWhile(l => !l.Contains("PRIVATE KEY")).Skip(1).Take(1));
        Assert.NotEmpty(house.Children());
        foreach (var pid in house.Children().Select(c => c.Pid).Append(house.SupervisorPid).Append(house.SaslauthdPid))
        {
            var shown = await File.ReadAllTextAsync($"/proc/{pid}/cmdline") + await File.ReadAllTextAsync($"/proc/{pid}/environ");
            Assert.DoesNotContain(Right, shown);
            Assert.DoesNotContain(key, shown);
            var limits = await File.ReadAllLinesAsync($"/proc/{pid}/limits");
            Assert.Matches(@"Max core file size\s+0\s+0\s", Assert.Single(limits, l => l.StartsWith("Max core file size", StringComparison.Ordinal)));
        }
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}

using Sasl.Protocols.DovecotAuth;
using Testing;
using Xunit.Abstractions;

namespace AuthServer.Tests.Peers;

/// <summary>Debian's fail2ban with its own filters judges the lines that the program, and a Postfix in front of it, have written.</summary>
public sealed class Fail2BanTests(ITestOutputHelper output)
{
    const string Program = "/usr/bin/fail2ban-regex", Dovecot = "/etc/fail2ban/filter.d/dovecot.conf", PostfixAuth = "/etc/fail2ban/filter.d/postfix.conf[mode=auth]";

    [RequiresFact(program: Program)]
    public async Task Each_wrong_password_and_unknown_user_is_one_line_that_is_matched_and_no_other_line_is()
    {
        // Two databases of which neither lets him in are one line.
        await using var server = await RunningServer.StartedAsync("auth_mechanisms = plain scram-sha-256\n"
            + string.Concat(Enumerable.Repeat("passdb {\n  driver = sasldb\n  args = {dir}/secrets.db\n}\n", 2)));
        await using (var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!))
        {
            Assert.False(await client.ByPlainAsync("alice", "wrong", "192.0.2.1"));
            Assert.False(await client.ByPlainAsync("bob", "wrong", "2001:db8::7"));
            Assert.False(await client.ByScramAsync("alice", "wrong", "192.0.2.2"));
            // Not matched: the right password, a name that nobody can have, one without an address.
            Assert.True(await client.ByPlainAsync("alice", TestServer.Password, "192.0.2.1"));
            Assert.True(await client.ByScramAsync("alice", TestServer.Password, "192.0.2.3"));
            Assert.False(await client.ByPlainAsync("a;b", "wrong", "192.0.2.4"));
            Assert.False(await client.ByPlainAsync("alice", "wrong", null));
        }
        await server.StopAsync();
        var lines = server.Log.Split('\n').Where(l => l.Contains("192.0.2.") || l.Contains("2001:db8") || l.Contains("(alice")).ToArray();
        foreach (var line in lines)
            output.WriteLine(line);
        Assert.Contains(lines, l => l.EndsWith(" auth: sasldb(alice,192.0.2.1,<s1>): Password mismatch", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith(" auth: sasldb(bob,2001:db8::7,<s1>): unknown user", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith(" auth: sasldb(alice,192.0.2.2,<s1>): Password mismatch", StringComparison.Ordinal));
        await AssertMatchedAsync(lines, Dovecot, 3);
    }

    [RequiresFact(program: Program)]
    public async Task Logins_that_are_held_back_are_one_warning_and_then_lines_that_no_filter_matches()
    {
        await using var server = await RunningServer.StartedAsync();
        await using (var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!))
        {
            for (var i = 0; i < 15; i++)
                Assert.False(await client.ByPlainAsync("alice", $"wrong{i}", "192.0.2.1"));
        }
        await server.StopAsync();
        var lines = server.Log.Split('\n').Where(l => l.Contains("192.0.2.")).ToArray();
        Assert.Equal((10, 5, 1), (lines.Count(l => l.Contains("Password mismatch")), lines.Count(l => l.EndsWith("auth: auth(alice,192.0.2.1,<s1>): too many wrong passwords for this user from this address", StringComparison.Ordinal)),
            lines.Count(l => l.Contains("Warning: auth(alice,192.0.2.1,<s1>): refused without looking at the password"))));
        await AssertMatchedAsync(lines, Dovecot, 10);
    }

    [RequiresFact(root: true, program: Program)]
    public async Task The_lines_of_a_Postfix_in_front_of_us_are_matched_when_a_password_was_wrong_and_not_when_nobody_could_tell()
    {
        await using var server = await RunningServer.StartedAsync();
        await using var postfix = await RealPostfix.StartAsync(server.ClientSocket);
        using var client = await postfix.ConnectAsync();
        await Dialogue.PlayAsync(client.GetStream(), $"""
            S: 220 *
            C: EHLO me
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250 CHUNKING
            C: AUTH PLAIN {TestServer.Wrong}
            S: 535 *
            C: AUTH LOGIN
            S: 334 VXNlcm5hbWU6
            C: YWxpY2U=
            S: 334 UGFzc3dvcmQ6
            C: d3Jvbmc=
            S: 535 *
            """, Pace.ByLine);
        // A database that everybody can read is not asked: nobody can tell.
        File.SetUnixFileMode(server["secrets.db"], (UnixFileMode)0x1B6);
        await Dialogue.PlayAsync(client.GetStream(), $"""
            C: AUTH PLAIN {TestServer.Right}
            S: 454 *
            C: QUIT
            S: 221 *
            """, Pace.ByLine);
        await Eventually.TrueAsync(() => postfix.Log.Contains("Connection lost to authentication server"), "it is logged");
        await AssertMatchedAsync(postfix.Log.Split('\n').Where(l => l.Contains("/smtpd[")), PostfixAuth, 2);
    }

    async Task AssertMatchedAsync(IEnumerable<string> lines, string filter, int count)
    {
        using var directory = new TemporaryDirectory();
        // Syslog would have put the host's name in.
        await File.WriteAllLinesAsync(directory["log"], lines.Select(l => l.Replace(" dovecot[", " host dovecot[").Replace(" test postfix", " host postfix")));
        var (_, report) = await Ran.AsAsync(output, Program, null, "--print-all-matched", directory["log"], filter);
        Assert.Contains($" lines, 0 ignored, {count} matched, ", report);
    }
}

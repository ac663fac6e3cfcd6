using System.Net.Sockets;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>The real program in its own process.</summary>
public sealed class DaemonTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly string[] _mechanism;

    public DaemonTests()
    {
        var database = new Sasldb(_directory["secrets.db"]);
        database.Create();
        database.TryAdd("bob", "", PasswordScheme.Make("SHA256-CRYPT", "geheim"u8)!);
        database.TryAdd("bob", "example.com", PasswordScheme.Make("SHA256-CRYPT", "anders"u8)!);
        _mechanism = ["-a", "sasldb", "-O", _directory["secrets.db"]];
    }

    string Run => _directory["run"];

    [Fact]
    public async Task It_answers_logs_and_cleans_up()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        Assert.Equal(0x1FFu, Files.Status(daemon.SocketPath)!.Value.Permissions);
        Assert.Equal(0x180u, Files.Status(Path.Combine(Run, "saslauthd.pid"))!.Value.Permissions);
        Assert.Equal($"{daemon.Pid}\n", await File.ReadAllTextAsync(Path.Combine(Run, "saslauthd.pid")));
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        Assert.Equal("OK", await daemon.AskAsync("bob", "anders", "example.com"));
        Assert.Equal("NO authentication failed", await daemon.AskAsync("bob", "geheim", "example.com", "192.0.2.7;25"));
        Assert.Equal(0, await daemon.StopAsync());
        Assert.Empty(Directory.GetFileSystemEntries(Run));
        await Eventually.TrueAsync(() => daemon.Lines.Any(l => l.EndsWith($"server_exit     : master exited: {daemon.Pid}")), "it says goodbye");
        Assert.Contains(daemon.Lines, l => l.EndsWith($"saslauthd[{daemon.Pid}]: do_auth         : auth success: [user=bob] [service=smtp] [realm=] [remote=] [mech=sasldb]")
            || l.EndsWith($"saslauthd[{daemon.Pid}]: do_auth         : auth success: [user=bob] [service=smtp] [realm=] [mech=sasldb]"));
        Assert.Contains(daemon.Lines, l => l.EndsWith(
            $"saslauthd[{daemon.Pid}]: do_auth         : auth failure: [user=bob] [service=smtp] [realm=example.com] [remote=192.0.2.7;25] [mech=sasldb] [reason=Incorrect password]"));
        Assert.DoesNotContain(daemon.Lines, l => l.Contains("geheim") || l.Contains("anders") || l.Contains("$5$"));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Term_and_int_end_it_also_beside_silent_clients(string signal)
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        using var silent = await daemon.ConnectAsync();
        Assert.Equal(0, await daemon.StopAsync(signal));
        Assert.False(File.Exists(daemon.SocketPath));
    }

    [Fact]
    public async Task A_new_password_counts_at_once_although_c_remembers_the_old_one()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-c"]);
        foreach (var (old, @new) in new[] { ("geheim", "neu"), ("neu", "neuer") })
        {
            Assert.Equal("OK", await daemon.AskAsync("bob", old));
            Assert.Equal("OK", await daemon.AskAsync("bob", old));
            await daemon.SaysAsync(l => l.Contains("auth success (cached): [user=bob]"), "a line");
            var changed = await Command.RunAsync(Binaries.Path("mailctl"), ["user", "-f", _directory["secrets.db"], "passwd", "bob"], @new + "\n");
            Assert.Equal(new(0, "", ""), changed);
            Assert.Equal("NO authentication failed", await daemon.AskAsync("bob", old));
            Assert.Equal("OK", await daemon.AskAsync("bob", @new));
        }
    }

    [RequiresFact(root: true)]
    public async Task A_locked_system_account_is_out_at_once_although_c_remembers_it()
    {
        await using var account = await ThrowawayAccount.CreateAsync("geheim");
        await using var daemon = await RunningDaemon.StartAsync(Run, "-a", "shadow", "-c");
        Assert.Equal("OK", await daemon.AskAsync(account.Name, "geheim"));
        await account.UsermodAsync("-L");
        Assert.Equal("NO authentication failed", await daemon.AskAsync(account.Name, "geheim"));
        await account.UsermodAsync("-U");
        Assert.Equal("OK", await daemon.AskAsync(account.Name, "geheim"));
        await account.ChageAsync("-E", "1");
        Assert.Equal("NO Account expired", await daemon.AskAsync(account.Name, "geheim"));
    }

    [Fact]
    public async Task Hup_is_harmless_and_forgets_what_c_remembers()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-c"]);
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        await daemon.SignalAsync("HUP");
        await Eventually.TrueAsync(() => daemon.Lines.Any(l => l.EndsWith("handle_sighup   : configuration read, new workers, remembered logins forgotten")), "it has heard");
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        Assert.DoesNotContain(daemon.Lines, l => l.Contains("(cached)"));
    }

    [Fact]
    public async Task Silent_clients_hold_up_nobody()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-n", "2"]);
        var silent = new List<Socket>();
        for (var i = 0; i < 150; i++)
        {
            silent.Add(await daemon.ConnectAsync());
            if (i % 3 == 1)
                await silent[^1].SendAsync("\0\u0003b"u8.ToArray());
            else if (i % 3 == 2)
                // A whole request and then neither reading nor closing.
                await silent[^1].SendAsync(RequestCodec.Encode(new("bob", "geheim"u8.ToArray(), "imap", ""))!);
        }
        for (var i = 0; i < 20; i++)
            Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        silent.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task More_silent_clients_than_there_is_room_for_lose_the_oldest_not_the_newest()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        var silent = new List<Socket>();
        for (var i = 0; i < 600; i++)
            silent.Add(await daemon.ConnectAsync());
        Assert.Equal(0, await silent[0].ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        await silent[^1].SendAsync(RequestCodec.Encode(new("bob", "geheim"u8.ToArray(), "imap", ""))!);
        var reply = new byte[10];
        Assert.Equal(4, await silent[^1].ReceiveAsync(reply).WaitAsync(TimeSpan.FromSeconds(20)));
        silent.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Second_instance_ends_with_2_and_harms_nothing_in_the_foreground_too()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        var inode = Files.Status(daemon.SocketPath)!.Value.Inode;
        foreach (var foreground in new[] { "-d", "-f", "-V" })
        {
            var second = await Command.OursAsync("saslauthd", [foreground, "-m", Run, .. _mechanism]);
            Assert.Equal(2, second.ExitCode);
            Assert.Contains("Another instance of saslauthd is currently running", second.Error);
        }
        Assert.Equal(inode, Files.Status(daemon.SocketPath)!.Value.Inode);
        Assert.Equal($"{daemon.Pid}\n", await File.ReadAllTextAsync(Path.Combine(Run, "saslauthd.pid")));
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
    }

    [Fact]
    public async Task Without_d_the_command_returns_when_the_daemon_listens()
    {
        Assert.Equal(new(0, "", ""), (await Command.OursAsync("saslauthd", ["-m", Run, .. _mechanism])) with { Error = "" });
        var pid = int.Parse(await File.ReadAllTextAsync(Path.Combine(Run, "saslauthd.pid")));
        try
        {
            var answer = await new SaslauthdClient(Path.Combine(Run, "mux")).AskAsync(new("bob", "geheim"u8.ToArray(), "imap", ""), default);
            Assert.True(answer.IsOk);
            var status = (await File.ReadAllTextAsync($"/proc/{pid}/stat")).Split(' ');
            Assert.Equal($"{pid}", status[5]);
            Assert.Equal("/", new FileInfo($"/proc/{pid}/cwd").LinkTarget);
            foreach (var descriptor in Enumerable.Range(0, 3))
                Assert.Equal("/dev/null", new FileInfo($"/proc/{pid}/fd/{descriptor}").LinkTarget);
        }
        finally
        {
            await Command.RunAsync("/bin/kill", [$"{pid}"]);
            await Eventually.TrueAsync(() => !File.Exists(Path.Combine(Run, "saslauthd.pid")), "it has ended");
        }
    }

    [Fact]
    public async Task The_service_manager_hears_ready_when_the_socket_is_there()
    {
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(_directory["notify"]));
        var running = Command.RunAsync("/usr/bin/env",
            [$"NOTIFY_SOCKET={_directory["notify"]}", Command.Ours("saslauthd"), "-f", "-m", Run, .. _mechanism]);
        Assert.Equal("READY=1", await HearAsync());
        Assert.True(File.Exists(Path.Combine(Run, "mux")));
        await Command.RunAsync("/bin/kill", [(await File.ReadAllTextAsync(Path.Combine(Run, "saslauthd.pid"))).Trim()]);
        Assert.Equal("STOPPING=1", await HearAsync());
        Assert.Equal(0, (await running).ExitCode);

        async Task<string> HearAsync()
        {
            var message = new byte[100];
            var count = await manager.ReceiveAsync(message).WaitAsync(TimeSpan.FromSeconds(30));
            return System.Text.Encoding.UTF8.GetString(message, 0, count);
        }
    }

    // The one that ends removes its pid file while the next one opens it.
    [Fact]
    public async Task A_restart_without_a_pause_leaves_the_pid_file_and_the_socket_of_the_new_daemon()
    {
        var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        for (var i = 0; i < 8; i++)
        {
            var old = daemon;
            await old.SignalAsync("TERM");
            do
                daemon = await RunningDaemon.StartAsync(Run, _mechanism);
            while (daemon.HasExited);
            await old.DisposeAsync();
            Assert.Equal($"{daemon.Pid}\n", await File.ReadAllTextAsync(Path.Combine(Run, "saslauthd.pid")));
            Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        }
        Assert.Equal(0, await daemon.StopAsync());
        await daemon.DisposeAsync();
    }

    [Fact]
    public async Task A_stale_socket_and_pid_file_of_a_killed_daemon_are_taken_over()
    {
        await using (var killed = await RunningDaemon.StartAsync(Run, _mechanism))
            await killed.StopAsync("KILL");
        Assert.True(File.Exists(Path.Combine(Run, "mux")));
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
    }

    [Fact]
    public async Task A_start_that_fails_says_so_and_leaves_nothing()
    {
        var parentMissing = await Command.OursAsync("saslauthd", ["-m", _directory["a/b"], .. _mechanism]);
        Assert.Equal(1, parentMissing.ExitCode);
        Assert.Contains("can not mkdir", parentMissing.Error);
        var tooLong = await Command.OursAsync("saslauthd", ["-m", _directory[new string('x', 100)], .. _mechanism]);
        Assert.Equal(1, tooLong.ExitCode);
        Assert.Contains("too long", tooLong.Error);
        Directory.CreateDirectory(_directory["taken/mux"]);
        var taken = await Command.OursAsync("saslauthd", ["-m", _directory["taken"], .. _mechanism]);
        Assert.Equal(1, taken.ExitCode);
        Assert.Contains("is not a socket", taken.Error);
        Assert.Equal([_directory["secrets.db"], _directory["taken"]], Directory.GetFileSystemEntries(_directory.Path).Order());
        Assert.True(Directory.Exists(_directory["taken/mux"]));
    }

    [Fact]
    public async Task Core_dumps_are_off_even_where_they_were_on()
    {
        await Command.RunAsync("/bin/sh", ["-c", "ulimit -c unlimited; exec \"$0\" \"$@\"", Command.Ours("saslauthd"), "-m", Run, .. _mechanism]);
        var pid = (await File.ReadAllTextAsync(Path.Combine(Run, "saslauthd.pid"))).Trim();
        var limits = await File.ReadAllLinesAsync($"/proc/{pid}/limits");
        await Command.RunAsync("/bin/kill", [pid]);
        await Eventually.TrueAsync(() => !File.Exists(Path.Combine(Run, "saslauthd.pid")), "it has ended");
        Assert.Contains(limits, l => l.StartsWith("Max core file size        0 "));
    }

    [RequiresFact(program: "/usr/bin/fail2ban-regex")]
    public async Task Fail2ban_finds_whom_to_ban_and_a_name_cannot_put_another_address_into_the_line()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        await daemon.AskAsync("bob", "falsch", "example.com", "192.0.2.7;4711");
        await daemon.AskAsync("bob] [service=x] [realm=] [remote=203.0.113.66;1] [mech=x] [reason=x]", "falsch", "", "2001:db8::7");
        await daemon.AskAsync("eve", "falsch", "", "192.0.2.7");
        // Not matched: no address, and right.
        await daemon.AskAsync("eve", "falsch");
        await daemon.AskAsync("bob", "geheim", "", "192.0.2.7");
        await daemon.StopAsync();
        var log = _directory["auth.log"];
        await File.WriteAllLinesAsync(log, daemon.Lines.Where(l => l.Contains(": auth ")).Select(l => l.Replace(" saslauthd[", " host saslauthd[")));
        // Installed it stands beside Debian's common.conf.
        Directory.CreateDirectory(_directory["filter.d"]);
        File.Copy("/etc/fail2ban/filter.d/common.conf", _directory["filter.d/common.conf"]);
        File.Copy(Path.Combine(Binaries.Root, "conf/fail2ban/filter.d/saslauthd.conf"), _directory["filter.d/saslauthd.conf"]);
        var report = await Command.RunAsync("/usr/bin/fail2ban-regex", ["-v", log, _directory["filter.d/saslauthd.conf"]]);
        Assert.Contains("Lines: 5 lines, 0 ignored, 3 matched, 2 missed", report.Output);
        Assert.Equal(["192.0.2.7", "192.0.2.7", "2001:db8::7"], System.Text.RegularExpressions.Regex.Matches(report.Output, @"(?m)^\|\s+([0-9a-f.:]+)  \w{3} ").Select(m => m.Groups[1].Value).Order());
    }

    [Fact]
    public async Task A_missing_database_is_no_crash()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, "-a", "sasldb", "-O", _directory["nothing.db"]);
        Assert.Equal("NO internal mechanism failure", await daemon.AskAsync("bob", "geheim"));
        Assert.Equal("NO internal mechanism failure", await daemon.AskAsync("bob", "geheim"));
    }

    [Theory]
    [InlineData("saslauthd")]
    [InlineData("testsaslauthd")]
    public async Task The_self_test_passes(string program) => Assert.Equal(0, (await Command.OursAsync(program, "--self-test")).ExitCode);

    [Fact]
    public async Task V_lists_the_mechanisms_on_standard_error() =>
        Assert.Matches("^saslauthd [0-9.]+\nauthentication mechanisms: getpwent httpform imap kerberos5 ldap pam passwdfile rimap sasldb shadow smtp\n", (await Command.OursAsync("saslauthd", "-v")).Error);

    public void Dispose() => _directory.Dispose();
}

using System.Collections.Concurrent;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>The processes that look passwords up: what they may do, and what happens when they die or hang.</summary>
public sealed class WorkerTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly string[] _mechanism;

    public WorkerTests()
    {
        var database = new Sasldb(_directory["secrets.db"]);
        database.Create();
        database.TryAdd("bob", "", PasswordScheme.Make("MD5-CRYPT", "geheim"u8)!);
        _mechanism = ["-a", "sasldb", "-O", _directory["secrets.db"], "-n", "2"];
    }

    string Run => _directory["run"];

    // No more than the group that may read the file, and nothing that the process can do brings root back.
    [RequiresFact(root: true)]
    public async Task Shadow_is_read_by_a_process_with_nothing_but_the_files_group()
    {
        await using var account = await ThrowawayAccount.CreateAsync("geheim");
        await using var daemon = await RunningDaemon.StartAsync(Run, "-a", "shadow");
        Assert.Equal("OK", await daemon.AskAsync(account.Name, "geheim"));
        var user = Accounts.Find("saslauth")!;
        foreach (var worker in daemon.Workers)
        {
            var status = Status(worker);
            Assert.Equal(Four(user.Uid), status["Uid"]);
            Assert.Equal(Four(Files.Status("/etc/shadow")!.Value.Gid), status["Gid"]);
            Assert.Equal(("0000000000000000", "0000000000000000", "1", "2"), (status["CapEff"], status["CapPrm"], status["NoNewPrivs"], status["Seccomp"]));
        }
    }

    [RequiresFact(root: true)]
    public async Task What_root_alone_may_read_is_read_with_one_capability_and_without_root()
    {
        Assert.Equal(0x180u, Files.Status(_directory["secrets.db"])!.Value.Permissions);
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        var status = Status(Assert.Single(daemon.Workers));
        Assert.Equal(Four(Accounts.Find("saslauth")!.Uid), status["Uid"]);
        Assert.Equal(("0000000000000004", "0000000000000004", "1", "2"), (status["CapEff"], status["CapPrm"], status["NoNewPrivs"], status["Seccomp"]));
    }

    [RequiresFact(root: true)]
    public async Task A_file_of_somebody_elses_is_read_as_that_user()
    {
        var user = Accounts.Find("nobody")!;
        Files.ChangeOwner(_directory["secrets.db"], user.Uid, user.Gid);
        Files.ChangeMode(Path.GetDirectoryName(_directory["secrets.db"])!, 0x1ED);
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        var status = Status(Assert.Single(daemon.Workers));
        Assert.Equal((Four(user.Uid), "0000000000000000"), (status["Uid"], status["CapEff"]));
    }

    [Fact]
    public async Task No_secret_and_no_setting_is_on_a_workers_command_line_or_in_its_environment()
    {
        await using var daemon = await RunningDaemon.StartWithAsync("log_facility: local3\n", Run, _mechanism);
        var worker = Assert.Single(daemon.Workers);
        Assert.DoesNotContain("secrets.db", await File.ReadAllTextAsync($"/proc/{worker}/cmdline"));
        Assert.All((await File.ReadAllTextAsync($"/proc/{worker}/environ")).Split('\0', StringSplitOptions.RemoveEmptyEntries),
            v => Assert.Matches("^(PATH|LANG|TZ|NOTIFY_SOCKET|KRB5.*|DOTNET_.*)=", v));
    }

    [Fact]
    public async Task Killed_workers_are_replaced_and_logins_go_on()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        using var stop = new CancellationTokenSource();
        var replies = new ConcurrentBag<string?>();
        var logins = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                replies.Add(await daemon.AskAsync("bob", "geheim"));
        })).ToArray();
        for (var round = 0; round < 10; round++)
        {
            var before = replies.Count;
            await Eventually.TrueAsync(() => replies.Count > before + 20 && daemon.Workers.Length > 0, "logins go on");
            foreach (var worker in daemon.Workers)
                await Command.RunAsync("/bin/kill", ["-KILL", $"{worker}"]);
        }
        await Eventually.TrueAsync(async () => await daemon.AskAsync("bob", "geheim") == "OK", "the last ones have been replaced");
        await stop.CancelAsync();
        await Task.WhenAll(logins);
        // Those whose worker was killed hear that nobody could look, never that their password is wrong.
        Assert.Equal(["NO internal mechanism failure", "OK"], replies.Distinct().Order());
        Assert.True(replies.Count(r => r == "OK") > replies.Count / 2);
        await daemon.SaysAsync(l => l.Contains("sasldb worker") && l.EndsWith("worker ended, replaced"), "a line");
    }

    [Fact]
    public async Task Workers_that_are_killed_again_and_again_before_they_are_asked_are_replaced_with_pauses()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-n", "1"]);
        for (var round = 0; round < 3; round++)
        {
            await Eventually.TrueAsync(() => daemon.Workers.Length == 1, "there is a worker");
            var worker = daemon.Workers.Single();
            await Command.RunAsync("/bin/kill", ["-KILL", $"{worker}"]);
            await Eventually.TrueAsync(() => !daemon.Workers.Contains(worker), "it is gone");
        }
        await Eventually.TrueAsync(async () => await daemon.AskAsync("bob", "geheim") == "OK", "logins go on");
    }

    [Fact]
    public async Task A_worker_that_hangs_is_killed_and_its_request_is_answered()
    {
        await using var daemon = await RunningDaemon.StartWithAsync("request_timeout: 1s\n", Run, [.. _mechanism, "-n", "1"]);
        var hanging = Assert.Single(daemon.Workers);
        await Command.RunAsync("/bin/kill", ["-STOP", $"{hanging}"]);
        Assert.Equal("NO internal mechanism failure", await daemon.AskAsync("bob", "geheim"));
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        Assert.DoesNotContain(hanging, daemon.Workers);
        await daemon.SaysAsync(l => l.EndsWith("[mech=sasldb] [reason=worker killed: no answer within 2 seconds]"), "a line");
    }

    [Fact]
    public async Task Workers_end_with_the_daemon_even_when_it_is_killed()
    {
        var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        var worker = Assert.Single(daemon.Workers);
        await daemon.StopAsync("KILL");
        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{worker}") || Status(worker)["State"].StartsWith('Z'), "the worker ends");
        await daemon.DisposeAsync();
    }

    [Fact]
    public async Task A_mechanism_that_cannot_be_made_stops_the_start_with_its_reason()
    {
        await File.WriteAllTextAsync($"{Run}.conf", "worker_usr: nobody\nrequest_timeout: soon\n\nlog_success: perhaps\n");
        var started = await Command.RunAsync(Command.Ours("saslauthd"), ["--config", $"{Run}.conf", "-d", "-m", Run, .. _mechanism]);
        Assert.Equal(1, started.ExitCode);
        Assert.Contains($"{Run}.conf, line 1: unknown key worker_usr (did you mean \"worker_user\"?)", started.Error);
        Assert.Contains($"{Run}.conf, line 2: Error in setting request_timeout: Invalid time interval: soon", started.Error);
        Assert.Contains($"{Run}.conf, line 4: Error in setting log_success: Invalid boolean value: perhaps", started.Error);
        Assert.False(File.Exists(Path.Combine(Run, "mux")));
    }

    [Fact]
    public async Task Hup_with_a_bad_configuration_leaves_the_old_one_at_work()
    {
        await using var daemon = await RunningDaemon.StartWithAsync("", Run, _mechanism);
        await File.WriteAllTextAsync($"{Run}.conf", "nonsense: 1\n");
        await daemon.SignalAsync("HUP");
        await Eventually.TrueAsync(() => daemon.Lines.Any(l => l.Contains("the old configuration goes on")), "it says so");
        await daemon.SaysAsync(l => l.EndsWith($"{Run}.conf, line 1: unknown key nonsense"), "a line");
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
    }

    [Fact]
    public async Task Hup_takes_the_new_configuration_and_starts_new_workers()
    {
        await using var daemon = await RunningDaemon.StartWithAsync("password_limit: 4\n", Run, _mechanism);
        Assert.Equal("NO", await daemon.AskAsync("bob", "geheim"));
        var before = daemon.Workers;
        await File.WriteAllTextAsync($"{Run}.conf", "password_limit: 100\n");
        await daemon.SignalAsync("HUP");
        await Eventually.TrueAsync(async () => await daemon.AskAsync("bob", "geheim") == "OK", "the new limit counts");
        await Eventually.TrueAsync(() => !daemon.Workers.Intersect(before).Any() && daemon.Workers.Length > 0, "the old workers have gone");
    }

    [RequiresFact(root: true)]
    public async Task Access_by_uid_and_group_beside_the_mode_of_the_directory()
    {
        await using var daemon = await RunningDaemon.StartWithAsync("socket_users: daemon\nsocket_groups: mail\n", Run, _mechanism);
        Files.ChangeMode(_directory.Path, 0x1ED);
        foreach (var (who, expected) in new[]
        {
            ("--reuid=daemon --regid=daemon --clear-groups", "0: OK \"Success.\"\n"),
            ("--reuid=games --regid=mail --clear-groups", "0: OK \"Success.\"\n"),
            ("--reuid=games --regid=games --groups=mail,games", "0: OK \"Success.\"\n"),
            ("--reuid=games --regid=games --clear-groups", "0: NO \"authentication failed\"\n"),
        })
        {
            var asked = await Command.RunAsync("/usr/bin/setpriv",
                [.. who.Split(' '), "/usr/sbin/testsaslauthd", "-u", "bob", "-p", "geheim", "-f", daemon.SocketPath]);
            Assert.Equal((who, expected), (who, asked.Output));
        }
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        var games = Accounts.Find("games")!.Uid;
        await daemon.SaysAsync(l => l.Contains($"ipc_loop        : uid {games} (process ") && l.EndsWith("may not ask: refused 1 times"), "a line");
    }

    public void Dispose() => _directory.Dispose();

    static string Four(uint id) => $"{id}\t{id}\t{id}\t{id}";

    static Dictionary<string, string> Status(int pid) => File.ReadAllLines($"/proc/{pid}/status")
        .Select(l => l.Split(':', 2)).ToDictionary(l => l[0], l => l[1].Trim());
}

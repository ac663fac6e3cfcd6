using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>Started by a unit: sockets that are handed over, and the options in a distribution's file.</summary>
public sealed class ServiceManagerTests : IDisposable
{
    const string SocketActivate = "/usr/bin/systemd-socket-activate";

    readonly TemporaryDirectory _directory = new();
    readonly string[] _mechanism;

    public ServiceManagerTests()
    {
        var database = new Sasldb(_directory["secrets.db"]);
        database.Create();
        database.TryAdd("bob", "", "{PLAIN}geheim");
        _mechanism = ["-a", "sasldb", "-O", _directory["secrets.db"]];
        Directory.CreateDirectory(Run);
    }

    string Run => _directory["run"];

    string Mux => _directory["run/mux"];

    [RequiresFact(program: SocketActivate)]
    public async Task A_socket_of_the_service_managers_is_served_from_its_first_client_on_and_stays()
    {
        for (var round = 0; round < 2; round++)
        {
            using var activator = Activate(Mux);
            await Eventually.TrueAsync(() => File.Exists(Mux), "the service manager listens");
            await AssertAnswersAsync();
            await Command.RunAsync("/bin/kill", [$"{activator.Id}"]);
            await activator.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(0, activator.ExitCode);
            Assert.True(File.Exists(Mux));
            File.Delete(Mux);
        }
    }

    [RequiresFact(program: SocketActivate)]
    public async Task Another_socket_than_that_of_the_run_directory_is_refused()
    {
        using var activator = Activate(_directory["other"]);
        await Eventually.TrueAsync(() => File.Exists(_directory["other"]), "the service manager listens");
        using var client = await UnixSockets.ConnectAsync(_directory["other"], default);
        var said = await activator.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains($"{Mux} is not what the service manager has handed over", said);
        await activator.WaitForExitAsync();
        Assert.Equal(1, activator.ExitCode);
    }

    [Fact]
    public async Task Sockets_that_are_meant_for_another_process_are_not_taken()
    {
        using var daemon = Start("/usr/bin/env", ["LISTEN_PID=1", "LISTEN_FDS=1", Command.Ours("saslauthd"), "-f", "-m", Run, .. _mechanism]);
        await Eventually.TrueAsync(() => File.Exists(Mux), "it binds its own");
        await AssertAnswersAsync();
        await StopAsync(daemon);
        Assert.False(File.Exists(Mux));
    }

    [Fact]
    public async Task The_first_defaults_file_that_is_there_says_how_to_start()
    {
        await File.WriteAllTextAsync(_directory["defaults"], $"START=yes\nMECHANISMS=sasldb\nMECH_OPTIONS={_directory["secrets.db"]}\nTHREADS=2\nOPTIONS=\"-c -m {_directory["run"]}\"\n");
        await File.WriteAllTextAsync(_directory["second"], "MECH=none\n");
        using var daemon = Start(Command.Ours("saslauthd"), ["--defaults", _directory["none"], "--defaults", _directory["defaults"], "--defaults", _directory["second"], "-f"]);
        await Eventually.TrueAsync(() => File.Exists(Mux), "it listens");
        await AssertAnswersAsync();
        if (Identity.IsRoot)
        {
            var status = Files.Status(Run)!.Value;
            Assert.Equal((0u, Accounts.FindGroup("sasl"), 0x1C8u), (status.Uid, status.Gid, status.Permissions));
        }
        // Debian's "start" beside it: the daemon that runs is left alone.
        var second = await Command.OursAsync("saslauthd", "--defaults", _directory["defaults"]);
        Assert.Equal(2, second.ExitCode);
        await AssertAnswersAsync();
        await StopAsync(daemon);
    }

    [Fact]
    public async Task A_service_that_is_not_enabled_says_so_and_is_no_failure()
    {
        await File.WriteAllTextAsync(_directory["defaults"], $"MECHANISMS=sasldb\nOPTIONS=\"-c -m {_directory["never"]}\"\n");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(_directory["notify"]));
        var ran = await Command.RunAsync("/usr/bin/env", [$"NOTIFY_SOCKET={_directory["notify"]}", Command.Ours("saslauthd"), "--defaults", _directory["defaults"], "-f"]);
        Assert.Equal(0, ran.ExitCode);
        var said = new byte[20];
        Assert.Equal("READY=1", Encoding.ASCII.GetString(said, 0, await manager.ReceiveAsync(said).WaitAsync(TimeSpan.FromSeconds(30))));
        var plainly = await Command.OursAsync("saslauthd", "--defaults", _directory["defaults"], "-f");
        Assert.Contains($"To enable saslauthd, edit {_directory["defaults"]} and set START=yes", plainly.Error);
        Assert.False(Directory.Exists(_directory["never"]));
    }

    [Fact]
    public async Task Mistakes_in_a_defaults_file_are_all_told_and_nothing_is_started()
    {
        await File.WriteAllTextAsync(_directory["defaults"], $"START=yes\nMECHANISMS=\"pam, shadow\"\nTHREADS=`id`\nOPTIONS=\"-d -c {Run}\"\n");
        var ran = await Command.OursAsync("saslauthd", "--defaults", _directory["defaults"], "-f");
        Assert.Equal(78, ran.ExitCode);
        foreach (var line in (int[])[2, 3, 4])
            Assert.Contains($"{_directory["defaults"]}, line {line}: ", ran.Error);
        Assert.Empty(Directory.GetFileSystemEntries(Run));
        var none = await Command.OursAsync("saslauthd", "--defaults", _directory["none"], "-f");
        Assert.Equal(78, none.ExitCode);
        Assert.Contains($"{_directory["none"]}: no such file", none.Error);
    }

    [RequiresTheory(root: true)]
    [InlineData("saslauthd.service")]
    [InlineData("saslauthd@.service")]
    public async Task The_capabilities_that_the_units_leave_are_enough_for_workers_of_every_kind(string unit)
    {
        await using var account = await ThrowawayAccount.CreateAsync("geheim");
        var left = (await File.ReadAllLinesAsync(Path.Combine(Binaries.Root, "conf/systemd", unit))).Single(l => l.StartsWith("CapabilityBoundingSet=", StringComparison.Ordinal));
        var set = string.Join(',', left.Split('=')[1].Split(' ').Select(c => "+" + c["CAP_".Length..].ToLowerInvariant()));
        // By group, by the one capability (the database is root's alone), and one that is killed, as another user, when it hangs.
        await File.WriteAllTextAsync(_directory["conf"], "request_timeout: 1s\n");
        using var daemon = Start("/usr/bin/setpriv",
            ["--no-new-privs", $"--bounding-set=-all,{set}", Command.Ours("saslauthd"), "--config", _directory["conf"], "-d", "-n", "1", "-m", Run, "-a", "shadow", .. _mechanism]);
        await Eventually.TrueAsync(() => File.Exists(Mux), "it listens");
        await AssertAnswersAsync();
        var workers = (await Command.RunAsync("/usr/bin/pgrep", ["-P", $"{daemon.Id}"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await Command.RunAsync("/bin/kill", ["-STOP", .. workers]);
        var stuck = await Command.OursAsync("testsaslauthd", "-u", account.Name, "-p", "geheim", "-f", Mux);
        Assert.Equal("0: NO \"authentication failed\"\n", stuck.Output);
        await Eventually.TrueAsync(async () => (await Command.OursAsync("testsaslauthd", "-u", account.Name, "-p", "geheim", "-f", Mux)).ExitCode == 0, "the hanging ones were replaced");
        await StopAsync(daemon);
    }

    Process Activate(string socket) =>
        Start(SocketActivate, ["-l", socket, "-E", $"PATH={Environment.GetEnvironmentVariable("PATH")}", Command.Ours("saslauthd"), "-f", "-m", Run, .. _mechanism]);

    static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;

    async Task AssertAnswersAsync()
    {
        var asked = await Command.OursAsync("testsaslauthd", "-u", "bob", "-p", "geheim", "-f", Mux);
        Assert.Equal("0: OK \"Success.\"\n", asked.Output);
    }

    static async Task StopAsync(Process daemon)
    {
        await Command.RunAsync("/bin/kill", [$"{daemon.Id}"]);
        await daemon.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, daemon.ExitCode);
    }

    public void Dispose() => _directory.Dispose();
}

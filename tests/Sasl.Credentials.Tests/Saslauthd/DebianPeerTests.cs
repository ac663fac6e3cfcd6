using System.Diagnostics;
using Sasl.Credentials.Sources;
using Sasl.Credentials.Tests.Sources;
using Sasl.Protocols.Saslauthd;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>Debian's programs on one side, ours on the other, on the system's real accounts.</summary>
public sealed class DebianPeerTests : IDisposable
{
    const string TheirClient = "/usr/sbin/testsaslauthd", TheirDaemon = "/usr/sbin/saslauthd";

    readonly TemporaryDirectory _directory = new();

    [RequiresFact(root: true, program: TheirClient)]
    public async Task Debians_testsaslauthd_on_our_daemon()
    {
        await using var account = await ThrowawayAccount.CreateAsync("geheim");
        await using var daemon = await RunningDaemon.StartAsync(_directory["run"], "-a", "shadow,sasldb", "-O", _directory["none.db"]);
        foreach (var client in new[] { TheirClient, Command.Ours("testsaslauthd") })
        {
            var good = await Command.RunAsync(client, ["-u", account.Name, "-p", "geheim", "-s", "smtp", "-f", daemon.SocketPath]);
            Assert.Equal(new(0, "0: OK \"Success.\"\n", ""), good);
            var bad = await Command.RunAsync(client, ["-u", account.Name, "-p", "falsch", "-f", daemon.SocketPath, "-R", "2"]);
            Assert.Equal(new(255, "0: NO \"authentication failed\"\n1: NO \"authentication failed\"\n", ""), bad);
            var unknown = await Command.RunAsync(client, ["-u", "no-such-user", "-p", "falsch", "-f", daemon.SocketPath]);
            Assert.Equal(new(255, "0: NO \"authentication failed\"\n", ""), unknown);
        }
    }

    [RequiresFact(root: true, program: TheirDaemon)]
    public async Task Our_client_and_our_source_on_debians_daemon()
    {
        await using var account = await ThrowawayAccount.CreateAsync("geheim");
        await using var daemon = await TheirsAsync();
        foreach (var client in new[] { TheirClient, Command.Ours("testsaslauthd") })
        {
            Assert.Equal(new(0, "0: OK \"Success.\"\n", ""),
                await Command.RunAsync(client, ["-u", account.Name, "-p", "geheim", "-f", daemon.SocketPath]));
            Assert.Equal(new(255, "0: NO \"authentication failed\"\n", ""),
                await Command.RunAsync(client, ["-u", account.Name, "-p", "falsch", "-f", daemon.SocketPath]));
        }
        var source = new SaslauthdSource(new SaslauthdClient(daemon.SocketPath));
        Assert.Equal(Verdict.Ok, await SasldbSourceTests.AskAsync(source, account.Name, "", "geheim"));
        Assert.Equal(Verdict.Ok, await SasldbSourceTests.AskAsync(source, $"{account.Name}@example.com", "", "geheim"));
        Assert.Equal(new(VerdictKind.Refused, "Incorrect password"), await SasldbSourceTests.AskAsync(source, account.Name, "", "falsch"));
        await account.ChageAsync("-E", "1");
        Assert.Equal(new(VerdictKind.Disabled, "Account expired"), await SasldbSourceTests.AskAsync(source, account.Name, "", "geheim"));
        await account.ChageAsync("-E", "-1", "-d", "1", "-M", "1");
        Assert.Equal(new(VerdictKind.Expired, "Password expired"), await SasldbSourceTests.AskAsync(source, account.Name, "", "geheim"));
    }

    [RequiresFact(root: true, program: TheirDaemon)]
    public async Task Nul_truncation_which_debians_daemon_falls_for_does_not_get_past_our_source()
    {
        await using var account = await ThrowawayAccount.CreateAsync("geheim");
        await using var daemon = await TheirsAsync();
        var client = new SaslauthdClient(daemon.SocketPath);
        var bare = await client.AskAsync(new(account.Name, "geheim\0x"u8.ToArray(), "imap", ""), default);
        Assert.True(bare.IsOk);
        Assert.False((await SasldbSourceTests.AskAsync(new SaslauthdSource(client), account.Name, "", "geheim\0x")).IsOk);
    }

    async Task<TheirProcess> TheirsAsync()
    {
        Directory.CreateDirectory(_directory["theirs"]);
        var start = new ProcessStartInfo(TheirDaemon) { RedirectStandardError = true, UseShellExecute = false };
        // setsid: in -d mode it signals the whole process group of its caller when it ends.
        start.FileName = "/usr/bin/setsid";
        foreach (var argument in new[] { TheirDaemon, "-d", "-n", "2", "-a", "shadow", "-m", _directory["theirs"] })
            start.ArgumentList.Add(argument);
        var daemon = new TheirProcess(Process.Start(start)!, _directory["theirs/mux"]);
        await Eventually.TrueAsync(() => File.Exists(daemon.SocketPath), "Debian's saslauthd listens");
        return daemon;
    }

    public void Dispose() => _directory.Dispose();

    sealed class TheirProcess : IAsyncDisposable
    {
        readonly Process _process;

        public TheirProcess(Process process, string socketPath)
        {
            (_process, SocketPath) = (process, socketPath);
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
        }

        public string SocketPath { get; }

        /// <summary>Its workers are in its own process group; all of it goes.</summary>
        public async ValueTask DisposeAsync()
        {
            await Command.RunAsync("/bin/kill", ["-KILL", "--", $"-{_process.Id}"]);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}

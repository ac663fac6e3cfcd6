using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Sasl.Credentials.Native;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>What goes wrong around the daemon, and what clients do to it: a valid login goes on throughout.</summary>
public sealed class FaultTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly string[] _mechanism;

    public FaultTests()
    {
        var database = new Sasldb(_directory["secrets.db"]);
        database.Create();
        database.TryAdd("bob", "", PasswordScheme.Make("MD5-CRYPT", "geheim"u8)!);
        database.TryAdd("token", "", PasswordScheme.Make("PLAIN", Encoding.ASCII.GetBytes(Token(16384)))!);
        database.TryAdd("slow", "", "{BLF-CRYPT}" + Crypt.Hash("geheim"u8, "$2b$", 8));
        _mechanism = ["-a", "sasldb", "-O", _directory["secrets.db"], "-n", "1"];
    }

    string Run => _directory["run"];

    [Fact]
    public async Task Two_thousand_silent_clients_hold_up_nobody()
    {
        await using var daemon = await RunningDaemon.StartPublishedAsync(4096, Run, _mechanism);
        var silent = new List<Socket>();
        for (var i = 0; i < 2000; i++)
        {
            silent.Add(await daemon.ConnectAsync());
            if (i % 100 == 0)
                Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        }
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        silent.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Slow_writers_hold_up_nobody()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        using var stop = new CancellationTokenSource();
        var slow = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => daemon.ConnectAsync()));
        var dripping = slow.Select(s => DripAsync(s, stop.Token)).ToArray();
        for (var i = 0; i < 20; i++)
            Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        await stop.CancelAsync();
        await Task.WhenAll(dripping);
    }

    [Fact]
    public async Task Garbage_is_refused_or_dropped_and_holds_up_nobody()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        var random = new Random(4711);
        for (var round = 0; round < 300; round++)
        {
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            using var client = await daemon.ConnectAsync();
            try
            {
                await client.SendAsync(bytes);
                client.Shutdown(SocketShutdown.Send);
                var reply = new byte[100];
                var count = await client.ReceiveAsync(reply).WaitAsync(TimeSpan.FromSeconds(20));
                Assert.False(count > 3 && reply.AsSpan(2).StartsWith("OK"u8));
            }
            catch (SocketException gone) when (gone.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
            {
                // Refused before all of it was sent.
            }
        }
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
    }

    [Theory]
    [InlineData(16384, "OK")]
    [InlineData(16385, "NO")]
    public async Task A_token_of_16_kilobytes_is_a_password_and_no_byte_of_it_is_cut(int length, string expected)
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        Assert.Equal(expected, await daemon.AskAsync("token", Token(length)));
        Assert.NotEqual("OK", await daemon.AskAsync("token", Token(16383)));
        Assert.NotEqual("OK", await daemon.AskAsync("token", Token(16383) + "?"));
    }

    [RequiresFact(root: true)]
    public async Task A_full_disk_for_the_pid_file_is_an_exit_status_and_leaves_no_daemon()
    {
        var started = await Command.RunAsync("/usr/bin/unshare", ["-m", "/bin/sh", "-c", """
            mount -t tmpfs -o size=8k none "$1" && head -c 8k /dev/zero >"$1/full" 2>/dev/null
            shift; exec "$@"
            """, "sh", Directory.CreateDirectory(Run).FullName, Command.Ours("saslauthd"), "-m", Run, .. _mechanism]);
        Assert.Equal(1, started.ExitCode);
        Assert.Contains("No space left on device", started.Error);
    }

    // A worker cannot be started without a descriptor; the daemon tries again until it can.
    [Fact]
    public async Task Emfile_when_a_worker_has_to_be_replaced_is_over_when_the_clients_go()
    {
        await using var daemon = await RunningDaemon.StartPublishedAsync(64, Run, _mechanism);
        var clients = new List<Socket>();
        var request = RequestCodec.Encode(new("slow", "geheim"u8.ToArray(), "imap", ""))!;
        for (var i = 0; i < 70; i++)
        {
            clients.Add(await daemon.ConnectAsync());
            await clients[^1].SendAsync(request);
        }
        foreach (var worker in daemon.Workers)
            await Command.RunAsync("/bin/kill", ["-KILL", $"{worker}"]);
        clients.ForEach(c => c.Dispose());
        await Eventually.TrueAsync(async () => await daemon.AskAsync("bob", "geheim") == "OK", "logins go on");
    }

    [RequiresFact(root: true)]
    public async Task A_flood_of_one_uid_makes_another_wait_for_a_turn_only()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        Files.ChangeMode(_directory.Path, 0x1ED);
        // Asks 200 times at once, says so, then counts the answers as they come.
        await File.WriteAllTextAsync(_directory["flood.py"], """
            import socket, struct, sys
            sockets = []
            for _ in range(200):
                s = socket.socket(socket.AF_UNIX)
                s.connect(sys.argv[1])
                s.sendall(b"".join(struct.pack(">H", len(f)) + f for f in (b"slow", b"geheim", b"imap", b"")))
                sockets.append(s)
            print("asked", flush=True)
            for s in sockets:
                s.recv(100)
                print("answered", flush=True)
            """);
        Files.ChangeMode(_directory["flood.py"], 0x1A4);
        using var flood = Process.Start(new ProcessStartInfo("/usr/bin/setpriv",
            ["--reuid=games", "--regid=games", "--clear-groups", "/usr/bin/python3", _directory["flood.py"], daemon.SocketPath]) { RedirectStandardOutput = true })!;
        Assert.Equal("asked", await flood.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        var answered = 0;
        var rest = CountAsync();
        await flood.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(200, await rest);
        // What the log says counts: how many of the flood were answered before ours, beyond those that were there before it asked.
        var lines = daemon.Lines.Where(l => l.Contains(": auth success: ")).ToList();
        Assert.InRange(lines.FindIndex(l => l.Contains("[user=bob]")), 0, 150);

        async Task<int> CountAsync()
        {
            while (await flood.StandardOutput.ReadLineAsync() is "answered")
                answered++;
            return answered;
        }
    }

    public void Dispose() => _directory.Dispose();

    static string Token(int length) => string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));

    static async Task DripAsync(Socket client, CancellationToken stop)
    {
        var request = RequestCodec.Encode(new("bob", "geheim"u8.ToArray(), "imap", ""))!;
        try
        {
            foreach (var b in request.AsMemory(0, request.Length - 1).ToArray())
            {
                await client.SendAsync(new[] { b }, stop);
                await Task.Delay(50, stop);
            }
            await Task.Delay(Timeout.Infinite, stop);
        }
        catch (Exception over) when (over is SocketException or OperationCanceledException)
        {
            client.Dispose();
        }
    }
}

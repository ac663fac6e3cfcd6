using System.Net.Sockets;
using Sasl.Credentials.Native;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Protocols.Saslauthd;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>The real program when there is too much of everything.</summary>
public sealed class DaemonLoadTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly string[] _mechanism;

    public DaemonLoadTests()
    {
        var database = new Sasldb(_directory["secrets.db"]);
        database.Create();
        database.TryAdd("bob", "", PasswordScheme.Make("MD5-CRYPT", "geheim"u8)!);
        // Some tens of milliseconds each: a queue of them lasts for seconds.
        database.TryAdd("slow", "", "{BLF-CRYPT}" + Crypt.Hash("geheim"u8, "$2b$", 9));
        _mechanism = ["-a", "sasldb", "-O", _directory["secrets.db"], "-n", "1"];
    }

    string Run => _directory["run"];

    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    public async Task Emfile_silent_clients_never_take_the_last_descriptor(int descriptors)
    {
        await using var daemon = await RunningDaemon.StartPublishedAsync(descriptors, Run, _mechanism);
        var silent = new List<Socket>();
        for (var i = 0; i < 200; i++)
        {
            silent.Add(await daemon.ConnectAsync());
            if (i % 2 == 0)
                await silent[^1].SendAsync(RequestCodec.Encode(new("bob", "geheim"u8.ToArray(), "imap", ""))!.AsMemory(0, i % 20));
        }
        for (var i = 0; i < 20; i++)
            Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        silent.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Passwords_are_changed_by_other_processes_while_everybody_logs_in()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-c"]);
        using var stop = new CancellationTokenSource();
        var replies = new System.Collections.Concurrent.ConcurrentBag<string?>();
        var logins = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                replies.Add(await daemon.AskAsync("bob", "geheim"));
        })).ToArray();
        for (var i = 0; i < 12; i++)
        {
            var written = await Command.RunAsync(Binaries.Path("mailctl"), ["user", "-f", _directory["secrets.db"], i == 0 ? "add" : "passwd", "eve"], $"neu{i}\n");
            Assert.Equal(new(0, "", ""), written);
            Assert.Equal("OK", await daemon.AskAsync("eve", $"neu{i}"));
        }
        await stop.CancelAsync();
        await Task.WhenAll(logins);
        Assert.True(replies.Count > 12);
        Assert.All(replies, reply => Assert.Equal("OK", reply));
    }

    // The queue is bounded, what does not fit is told so at once, and those who gave up make room for those who did not.
    [Fact]
    public async Task An_overload_is_answered_with_its_reason_and_is_over_when_the_clients_give_up()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        var request = RequestCodec.Encode(new("slow", "geheim"u8.ToArray(), "imap", ""))!;
        var clients = new List<Socket>();
        for (var i = 0; i < 600; i++)
        {
            clients.Add(await daemon.ConnectAsync());
            await clients[^1].SendAsync(request);
        }
        await Eventually.TrueAsync(() => clients.Exists(c => c.Available > 30), "somebody is turned away");
        var turnedAway = clients.First(c => c.Available > 30);
        var reply = new byte[100];
        var count = await turnedAway.ReceiveAsync(reply);
        Assert.Equal("NO internal mechanism failure: too many verifications are waiting", System.Text.Encoding.ASCII.GetString(reply, 2, count - 2));
        clients.ForEach(c => c.Dispose());
        await Eventually.TrueAsync(async () => await daemon.AskAsync("bob", "geheim") == "OK", "the daemon answers again");
        await daemon.SaysAsync(l => l.EndsWith("the client went before its turn came, nothing was checked"), "a line");
        await daemon.SaysAsync(l => l.EndsWith("[mech=none] [reason=too many verifications are waiting]"), "a line");
    }

    [Fact]
    public async Task Hup_and_term_with_requests_under_way_lose_none_of_them()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        var request = RequestCodec.Encode(new("slow", "geheim"u8.ToArray(), "imap", ""))!;
        var clients = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await daemon.ConnectAsync());
            await clients[^1].SendAsync(request);
        }
        // Connections are accepted in their order, and a bad request needs no hash: its answer says that all before it were accepted.
        using (var last = await daemon.ConnectAsync())
        {
            await last.SendAsync(new byte[8]);
            Assert.NotEqual(0, await last.ReceiveAsync(new byte[100]).WaitAsync(TimeSpan.FromSeconds(20)));
        }
        await daemon.SignalAsync("HUP");
        Assert.Equal(0, await daemon.StopAsync());
        foreach (var client in clients)
        {
            var reply = new byte[10];
            Assert.True(await client.ReceiveAsync(reply).WaitAsync(TimeSpan.FromSeconds(20)) == 4, string.Join('\n', daemon.Lines));
            Assert.Equal("\0\u0002OK"u8, reply.AsSpan(0, 4));
            client.Dispose();
        }
    }

    public void Dispose() => _directory.Dispose();
}

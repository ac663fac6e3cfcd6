using System.Net.Sockets;
using System.Text;
using AuthServer.Composition;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Client;

/// <summary>The end of an auth server, a successor beside it or not: what was asked is answered, and the next question fails at once for the asker to ask anew.</summary>
public sealed class DrainingTests : IDisposable
{
    static readonly CancellationToken _stop = CancellationToken.None;

    readonly CancellationTokenSource _end = new();
    readonly TestServer _server;
    Task _serving = Task.CompletedTask;

    public DrainingTests() => _server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "plain login"));

    public void Dispose()
    {
        _end.Cancel();
        _server.Dispose();
    }

    static AuthParameters Plain(string message) => new("imap") { InitialResponse = Encoding.ASCII.GetBytes(message), NoLogin = true };

    static ValueTask<byte[]?> Never(string challenge) => throw new InvalidOperationException();

    async Task<(NetworkStream Stream, StreamReader Reader)> ConnectAsync(string lines, string until, AuthListenerType type = AuthListenerType.Client)
    {
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        _serving = Task.Run(() => Server.ServeAsync(_server.Host, new(type), server, _end.Token));
        var stream = new NetworkStream(client, ownsSocket: true);
        var reader = new StreamReader(stream);
        if (lines.Length > 0)
            await WriteAsync(stream, lines);
        while (!TestServer.Tabs(until).Equals(await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal))
        {
        }
        return (stream, reader);
    }

    static async Task WriteAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(TestServer.Tabs(text)));

    /// <summary>Whatever is written now is an error, not lost: that is what a Postfix needs to try again elsewhere.</summary>
    static async Task CannotWriteAsync(NetworkStream stream) => await Eventually.TrueAsync(async () =>
    {
        try
        {
            await WriteAsync(stream, "AUTH|9|LOGIN|service=smtp\n");
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }, "the write fails");

    [Fact]
    public async Task An_idle_connection_fails_with_its_next_write()
    {
        var (stream, _) = await ConnectAsync($"VERSION|1|0\nCPID|1\nAUTH|1|PLAIN|service=smtp|resp={TestServer.Right}\n", "OK|1|user=alice");
        await _end.CancelAsync();
        await _serving.WaitAsync(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAsync<IOException>(() => WriteAsync(stream, "AUTH|2|LOGIN|service=smtp\n"));
    }

    // Three logins at once: each comes to its end, and only then is the input closed.
    [Fact]
    public async Task Who_logs_in_just_now_may_finish()
    {
        var (stream, reader) = await ConnectAsync("VERSION|1|0\nCPID|1\nAUTH|1|LOGIN|service=smtp\n", "CONT|1|VXNlcm5hbWU6");
        await _end.CancelAsync();
        await WriteAsync(stream, "CONT|1|YWxpY2U=\n");
        Assert.Equal(TestServer.Tabs("CONT|1|UGFzc3dvcmQ6"), await reader.ReadLineAsync());
        await WriteAsync(stream, $"AUTH|2|PLAIN|service=smtp|resp={TestServer.Right}\n");
        Assert.Equal(TestServer.Tabs("OK|2|user=alice"), await reader.ReadLineAsync());
        await WriteAsync(stream, "CONT|1|d29uZGVybGFuZA==\n");
        Assert.Equal(TestServer.Tabs("OK|1|user=alice"), await reader.ReadLineAsync());
        Assert.Null(await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        await CannotWriteAsync(stream);
    }

    [Fact]
    public async Task Who_thinks_too_long_is_given_up_after_the_grace()
    {
        _server.Time.Haste = 20;
        var (stream, reader) = await ConnectAsync("VERSION|1|0\nCPID|1\nAUTH|1|LOGIN|service=smtp\n", "CONT|1|VXNlcm5hbWU6");
        await _end.CancelAsync();
        Assert.Null(await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        await _serving.WaitAsync(TimeSpan.FromSeconds(20));
        await CannotWriteAsync(stream);
    }

    // It has read the greeting and says nothing yet: an Exim that is about to.
    [Fact]
    public async Task Who_has_just_come_is_greeted_and_served()
    {
        var (stream, reader) = await ConnectAsync("", "DONE");
        await _end.CancelAsync();
        await WriteAsync(stream, $"VERSION|1|0\nCPID|1\nAUTH|1|PLAIN|service=smtp|resp={TestServer.Right}\n");
        Assert.Equal(TestServer.Tabs("OK|1|user=alice"), await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        await _serving.WaitAsync(TimeSpan.FromSeconds(20));
        await CannotWriteAsync(stream);
    }

    // A Postfix that connects anew asks at once what it has come for, and does not connect a third time.
    [Fact]
    public async Task Who_has_been_greeted_may_ask_what_he_has_come_for_and_who_asks_nothing_goes()
    {
        var (stream, reader) = await ConnectAsync("VERSION|1|0\nCPID|1\n", "DONE");
        await Eventually.TrueAsync(() => _server.Host.Clients.Count == 1, "it is there");
        await _end.CancelAsync();
        await WriteAsync(stream, $"AUTH|1|PLAIN|service=smtp|resp={TestServer.Right}\n");
        Assert.Equal(TestServer.Tabs("OK|1|user=alice"), await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        await _serving.WaitAsync(TimeSpan.FromSeconds(20));
        await CannotWriteAsync(stream);
        using var other = new DrainingTests();
        var (silent, _) = await other.ConnectAsync("VERSION|1|0\nCPID|1\n", "DONE");
        await other._end.CancelAsync();
        await other._serving.WaitAsync(AuthHost.Grace - TimeSpan.FromSeconds(2));
        await CannotWriteAsync(silent);
    }

    [Fact]
    public async Task What_a_peer_that_never_pauses_has_written_is_answered_to_the_last_line()
    {
        for (var round = 0; round < 3; round++)
        {
            using var tests = new DrainingTests();
            tests._server.Time.Haste = 4;
            var (stream, reader) = await tests.ConnectAsync("VERSION|1|2\nCPID|1\n", "DONE");
            var written = 0;
            var writing = Task.Run(async () =>
            {
                try
                {
                    while (true)
                    {
                        await WriteAsync(stream, $"AUTH|{written + 1}|PLAIN|service=smtp|resp={TestServer.Right}\n");
                        written++;
                    }
                }
                catch (IOException)
                {
                    // Now it would connect anew.
                }
            });
            var answers = 0;
            while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line)
            {
                // With so many at once some are told to come back: an answer, too.
                Assert.Matches("^(OK|FAIL)\t", line);
                if (++answers == 50 + (round * 100))
                    await tests._end.CancelAsync();
            }
            await writing.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(written, answers);
        }
    }

    [Fact]
    public async Task A_finished_login_waits_for_its_REQUEST_when_the_server_ends()
    {
        using var directory = new TemporaryDirectory();
        using var clients = UnixSockets.Listen(directory["c"], 0x180);
        using var masters = UnixSockets.Listen(directory["m"], 0x180);
        var serving = Server.RunAsync(_server.Host, [("c", new(AuthListenerType.Login), clients), ("m", new(AuthListenerType.Master), masters)], _end.Token);
        await using var client = new AuthClient(AuthAddress.TryParse(directory["c"])!);
        await using var master = new AuthMasterClient(AuthAddress.TryParse(directory["m"])!);
        Assert.True((await master.UserAsync("alice", "imap", _stop)).IsFound);
        var login = await client.AuthenticateAsync("PLAIN", new("imap") { InitialResponse = Encoding.ASCII.GetBytes(TestServer.Right) }, Never, _stop);
        await _end.CancelAsync();
        Assert.False(serving.IsCompleted);
        Assert.Equal("alice", (await master.RequestAsync(Environment.ProcessId, login.Reference!.RequestId, login.Reference.Cookie, _stop)).User);
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
    }

    // A front end with many clients is never without one that logs in: it is told, with an answer, and goes over to the successor.
    [Fact]
    public async Task A_busy_front_end_of_ours_goes_over_to_the_successor_and_no_login_is_lost()
    {
        using var directory = new TemporaryDirectory();
        using var clients = UnixSockets.Listen(directory["c"], 0x180);
        var listener = new AuthListener(AuthListenerType.Login) { WaitsForClient = true };
        var serving = Server.RunAsync(_server.Host, [("c", listener, clients)], _end.Token);
        await using var client = new AuthClient(AuthAddress.TryParse(directory["c"])!);
        using var over = new CancellationTokenSource();
        var logins = Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            var count = 0;
            for (; !over.IsCancellationRequested; count++)
            {
                var result = i % 2 == 0 ? await client.AuthenticateAsync("PLAIN", Plain(TestServer.Right), Never, _stop)
                    : await client.AuthenticateAsync("LOGIN", new("imap") { NoLogin = true }, async challenge =>
                    {
                        await Task.Delay(20);
                        return challenge == "VXNlcm5hbWU6" ? "YWxpY2U="u8.ToArray() : "d29uZGVybGFuZA=="u8.ToArray();
                    }, _stop);
                Assert.True(result.IsOk, result.Reason);
            }
            return count;
        })).ToArray();
        var end = _end;
        var successors = new List<TestServer>();
        for (var round = 0; round < 3; round++)
        {
            await Task.Delay(200);
            var next = new CancellationTokenSource();
            successors.Add(new TestServer());
            var successor = Server.RunAsync(successors[^1].Host, [("c", listener, clients)], next.Token);
            await end.CancelAsync();
            // Sooner than the grace: those who began here have ended, and the others went elsewhere.
            await serving.WaitAsync(AuthHost.Grace - TimeSpan.FromSeconds(2));
            (end, serving) = (next, successor);
        }
        await over.CancelAsync();
        Assert.All(await Task.WhenAll(logins), count => Assert.True(count > 0));
        await end.CancelAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
        successors.ForEach(s => s.Dispose());
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Sasl.Protocols.DovecotAuth;
using Sasl.Hosting.Configuration;
using Testing;

namespace AuthServer.Tests.Client;

/// <summary>Attacks and accidents: nobody's bad luck is another's.</summary>
public sealed class ClientLoadTests
{
    static readonly CancellationToken _stop = CancellationToken.None;

    static ValueTask<byte[]?> Never(string challenge) => throw new InvalidOperationException();

    static AuthParameters Plain(string message) => new("imap") { InitialResponse = Encoding.ASCII.GetBytes(message) };

    static async Task WriteAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(TestServer.Tabs(text)));

    [Fact]
    public async Task A_hundred_silent_connections_harm_nobody()
    {
        using var server = new TestServer();
        var (path, _, _) = server.Listen();
        var silent = new List<Socket>();
        for (var i = 0; i < 100; i++)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            silent.Add(socket);
        }
        await using var client = new AuthClient(AuthAddress.TryParse(path)!);
        Assert.True((await client.AuthenticateAsync("PLAIN", Plain(TestServer.Right), Never, _stop)).IsOk);
        silent.ForEach(s => s.Dispose());
        await Eventually.TrueAsync(() => server.Host.Clients.Count == 1, "the silent ones are gone");
    }

    [Fact]
    public async Task Silent_connections_are_closed_after_a_while_with_a_line_each()
    {
        using var server = new TestServer();
        server.Time.Haste = 100;
        await using var client = server.Connect();
        await using var half = server.Connect();
        await using var master = server.Connect(server.ServeMasterAsync);
        await WriteAsync(half, "VERSION|1|2\nCP");
        foreach (var stream in new[] { client, half, master })
            await new StreamReader(stream).ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(3, server.Log.Lines.Count(l => l.EndsWith("sent nothing in time; connection closed")));
    }

    [Fact]
    public async Task Guessing_in_parallel_is_slow_and_a_right_login_among_it_is_not()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthFailureDelay, "2 secs"));
        await using var client = new AuthClient(AuthAddress.TryParse(server.Listen().Client)!);
        var clock = Stopwatch.StartNew();
        var guesses = Enumerable.Range(0, 200).Select(_ => client.AuthenticateAsync("PLAIN", Plain(TestServer.Wrong), Never, _stop)).ToArray();
        Assert.True((await client.AuthenticateAsync("PLAIN", Plain(TestServer.Right), Never, _stop)).IsOk);
        var right = clock.Elapsed;
        Assert.DoesNotContain(guesses, g => g.IsCompleted && clock.Elapsed < TimeSpan.FromSeconds(2));
        Assert.All(await Task.WhenAll(guesses), r => Assert.Equal(AuthStatus.Failed, r.Status));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8));
        Assert.True(right < clock.Elapsed);
    }

    [Fact]
    public async Task A_delay_as_long_as_an_hour_is_cut_before_Postfix_gives_up()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthFailureDelay, "1 hour"));
        await using var client = new AuthClient(AuthAddress.TryParse(server.Listen().Client)!);
        var clock = Stopwatch.StartNew();
        Assert.Equal(AuthStatus.Failed, (await client.AuthenticateAsync("PLAIN", Plain(TestServer.Wrong), Never, _stop)).Status);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(9.5));
    }

    [Fact]
    public async Task A_source_that_never_answers_is_given_up_before_Postfix_gives_up()
    {
        using var server = new TestServer(s => s with { Passdbs = [new("saslauthd", "/dev/null")] });
        using var silent = Sasl.Hosting.Unix.UnixSockets.Listen(server["mux"], 0x180);
        using var stuck = new TestServer(s => s with { Passdbs = [new("saslauthd", server["mux"])] });
        await using var client = new AuthClient(AuthAddress.TryParse(stuck.Listen().Client)!);
        var clock = Stopwatch.StartNew();
        var result = await client.AuthenticateAsync("PLAIN", Plain(TestServer.Right), Never, _stop);
        Assert.Equal((AuthStatus.Failed, "temp_fail", true), (result.Status, result.Code, result.IsTemporary));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(9));
        Assert.StartsWith("Error: ", Assert.Single(stuck.Log.Lines, l => l.Contains("timed out") || l.Contains("no verdict within")));
    }

    // Its question is withdrawn, so that a saslauthd under load need not hash for nobody; and it is no error of the database.
    [Fact]
    public async Task A_client_that_goes_while_saslauthd_thinks_takes_its_question_back()
    {
        using var directory = new TemporaryDirectory();
        using var saslauthd = Sasl.Hosting.Unix.UnixSockets.Listen(directory["mux"], 0x180);
        using var server = new TestServer(s => s with { Passdbs = [new("saslauthd", directory["mux"])] });
        Socket asked;
        await using (var stream = server.Connect())
        {
            await WriteAsync(stream, $"VERSION|1|2\nCPID|1\nAUTH|1|PLAIN|service=imap|resp={TestServer.Right}\n");
            asked = await saslauthd.AcceptAsync().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.NotEqual(0, await asked.ReceiveAsync(new byte[1000]).WaitAsync(TimeSpan.FromSeconds(20)));
        }
        using (asked)
            Assert.Equal(0, await asked.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(5)));
        await Eventually.TrueAsync(() => server.Host.Clients.Count == 0, "the connection has ended");
        Assert.Empty(server.Log.Lines);
    }

    [Fact]
    public async Task Ten_thousand_requests_wait_and_one_more_is_told_to_come_back()
    {
        using var server = new TestServer();
        await using var stream = server.Connect();
        using var reader = new StreamReader(stream);
        var reading = Task.Run(async () =>
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("FAIL"))
                    return line;
            }
            return "[closed]";
        });
        await WriteAsync(stream, "VERSION|1|2\nCPID|1\n");
        var lines = new StringBuilder();
        for (var i = 1; i <= 10_001; i++)
            lines.Append($"AUTH|{i}|LOGIN|service=imap\n");
        await WriteAsync(stream, lines.ToString());
        Assert.Equal(TestServer.Tabs("FAIL|10001|code=temp_fail|reason=Too many requests"), await reading.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_not_read_from_and_goes_on_later()
    {
        using var server = new TestServer();
        await using var stream = server.Connect();
        await WriteAsync(stream, "VERSION|1|2\nCPID|1\n");
        var line = Encoding.ASCII.GetBytes(TestServer.Tabs("AUTH|1|X|service=imap\n"));
        var block = Enumerable.Repeat(line, 2000).SelectMany(l => l).ToArray();
        var sent = 0;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await stream.WriteAsync(block);
                Interlocked.Add(ref sent, 2000);
            }
        });
        // Four megabytes are wanted; the socket buffers and 50 KiB of replies hold far less.
        var before = -1;
        await Eventually.TrueAsync(async () =>
        {
            await Task.Delay(300);
            var now = Volatile.Read(ref sent);
            return before == (before = now);
        }, "the writer is stopped");
        Assert.False(writing.IsCompleted);
        using var reader = new StreamReader(stream);
        var replies = 0;
        while (replies < 200_000)
            replies += (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)))!.StartsWith("FAIL") ? 1 : 0;
        await writing;
    }

    [Fact]
    public async Task A_peer_that_goes_in_the_middle_of_a_login_takes_its_requests_with_it()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthFailureDelay, "1 secs"));
        for (var i = 0; i < 20; i++)
        {
            await using var stream = server.Connect();
            await WriteAsync(stream, $"VERSION|1|2\nCPID|1\nAUTH|1|PLAIN|service=imap|resp={(i % 2 == 0 ? TestServer.Right : TestServer.Wrong)}\nAUTH|2|LOGIN|service=imap\n");
        }
        await Eventually.TrueAsync(() => server.Host.Clients.Count == 0, "all connections have ended");
        Assert.DoesNotContain(server.Log.Lines, l => l.Contains("ended with a bug"));
    }

    [Fact]
    public async Task A_client_that_thinks_too_long_is_forgotten()
    {
        using var server = new TestServer();
        await using var stream = server.Connect();
        using var reader = new StreamReader(stream);
        await WriteAsync(stream, "VERSION|1|2\nCPID|1\nAUTH|1|LOGIN|service=imap\n");
        while (!(await reader.ReadLineAsync())!.StartsWith("CONT"))
        {
        }
        server.Host.Clients.Sweep();
        server.Time.Advance(TimeSpan.FromSeconds(151));
        server.Host.Clients.Sweep();
        await WriteAsync(stream, "CONT|1|YWxpY2U=\n");
        Assert.Equal(TestServer.Tabs("FAIL|1|reason=Authentication request timed out"), await reader.ReadLineAsync());
    }
}

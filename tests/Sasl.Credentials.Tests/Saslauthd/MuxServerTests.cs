using System.Net.Sockets;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;
using Saslauthd;
using Saslauthd.Requests;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

public sealed class MuxServerTests : IDisposable
{
    static readonly MuxDeadlines Patient = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
    static readonly byte[] Good = RequestCodec.Encode(new("bob", "geheim"u8.ToArray(), "imap", ""))!;

    readonly FakeSource _source = FakeSource.Bob;
    readonly ListLog _log = new();
    readonly EventLoop _loop;

    public MuxServerTests() => _loop = EventLoop.Start("test", bug => Assert.Fail(bug.ToString()));

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData("geheim", "OK")]
    [InlineData("falsch", "NO authentication failed")]
    public async Task A_request_gets_its_reply_in_one_piece_and_byte_by_byte(string password, string reply)
    {
        var request = RequestCodec.Encode(new("bob", System.Text.Encoding.UTF8.GetBytes(password), "imap", ""))!;
        Assert.Equal(reply, await TalkAsync(client => client.SendAsync(request)));
        Assert.Equal(reply, await TalkAsync(async client =>
        {
            foreach (var b in request)
                await client.SendAsync(new[] { b });
        }));
    }

    [Fact]
    public async Task Four_and_five_field_incompatibility_four_are_answered_at_once_and_five_are_read()
    {
        Assert.Equal("OK", await TalkAsync(client => client.SendAsync(Good)));
        Assert.Equal("OK", await TalkAsync(client => client.SendAsync(RequestCodec.Encode(new("bob", "geheim"u8.ToArray(), "imap", "", "192.0.2.7;4711"))!)));
        Assert.Equal([null, "192.0.2.7"], _source.Asked.Select(q => q.RemoteAddress));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Over_long_fields_are_answered_before_their_bytes_come(int field)
    {
        var (high, limit) = field == 1 ? ((byte)0x40, 16384) : ((byte)0x01, 256);
        var request = Enumerable.Range(0, field).SelectMany(_ => new byte[] { 0, 1, (byte)'x' }).Concat(new byte[] { high, 0x01 }).ToArray();
        Assert.Equal("NO ", await TalkAsync(client => client.SendAsync(request)));
        Assert.Contains($"exceeded MAX_REQ_LEN: {limit}", Assert.Single(_log.Lines));
        Assert.Empty(_source.Asked);
    }

    [Fact]
    public async Task Nul_truncation_is_no_login()
    {
        Assert.Equal("NO ", await TalkAsync(client => client.SendAsync("\0\u0005bob\0x\0\u0006geheim\0\0\0\0"u8.ToArray())));
        Assert.Empty(_source.Asked);
    }

    [Fact]
    public async Task Empty_login_or_password_gets_cyrus_words()
    {
        Assert.Equal("NO NULL login received", await TalkAsync(client => client.SendAsync(new byte[8])));
        Assert.Equal("NO NULL password received", await TalkAsync(client => client.SendAsync("\0\u0003bob\0\0\0\0\0\0"u8.ToArray())));
        Assert.Equal(["Error|do_request      : NULL login received", "Error|do_request      : NULL password received"], _log.Lines);
    }

    [Fact]
    public async Task A_request_cut_short_gets_no_reply_and_one_line()
    {
        Assert.Null(await TalkAsync(async client =>
        {
            await client.SendAsync(Good.AsMemory(0, 7));
            client.Shutdown(SocketShutdown.Send);
        }));
        Assert.Equal("Information|do_request      : incomplete request of 7 bytes, connection closed", Assert.Single(_log.Lines));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Silent_clients_are_closed_when_their_time_is_over(int sent) =>
        Assert.Null(await TalkAsync(client => client.SendAsync(Good.AsMemory(0, sent)).AsTask(), Patient with { Request = TimeSpan.FromMilliseconds(50) }));

    [Fact]
    public async Task A_client_that_drips_a_byte_now_and_then_is_closed_all_the_same()
    {
        using var stop = new CancellationTokenSource();
        Assert.Null(await TalkAsync(client =>
        {
            _ = DripAsync(client, stop.Token);
            return Task.CompletedTask;
        }, Patient with { Request = TimeSpan.FromMilliseconds(200) }));
        await stop.CancelAsync();
    }

    [Fact]
    public async Task A_client_that_never_closes_is_closed()
    {
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using (client)
        {
            var serving = Serve(server, Patient with { Close = TimeSpan.FromMilliseconds(50) });
            await client.SendAsync(Good);
            await serving.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public async Task A_client_that_only_stops_sending_still_gets_its_answer() =>
        Assert.Equal("OK", await TalkAsync(async client =>
        {
            await client.SendAsync(Good);
            client.Shutdown(SocketShutdown.Send);
        }));

    // The deadline of silent clients, and the end of the daemon, are nothing to one that has asked, also when it asked some time after it connected.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_has_asked_is_answered_however_long_that_takes(bool ends)
    {
        var answer = new TaskCompletionSource<Verdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new WaitingSource(answer.Task);
        var deadlines = Patient with { Request = TimeSpan.FromMilliseconds(300) };
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using (client)
        {
            var (mux, silent) = Create(deadlines, source);
            _loop.Post(() => mux.Adopt(RawSockets.Own(server)));
            await Eventually.TrueAsync(() => silent.Count == 1, "it is silent");
            await client.SendAsync(Good);
            await Eventually.TrueAsync(() => source.Asked > 0, "it has asked");
            if (ends)
                silent.DropAll();
            else
                await AfterTicksAsync(6);
            answer.SetResult(Verdict.Ok);
            var reply = new byte[10];
            Assert.Equal(4, await client.ReceiveAsync(reply).WaitAsync(TimeSpan.FromSeconds(20)));
        }
    }

    // Under load those who wait longest give up first: hashing for them would only make the others give up too.
    [Fact]
    public async Task A_client_that_goes_before_its_turn_is_not_checked()
    {
        using var workers = new HashWorkers(threads: 1);
        using var gate = new ManualResetEventSlim();
        var checkedNow = 0;
        var busy = workers.TryRun(() => { gate.Wait(); return 0; })!;
        var source = new QueuedSource(workers, () => Interlocked.Increment(ref checkedNow));
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        var serving = Serve(server, Patient, source);
        await client.SendAsync(Good);
        await Eventually.TrueAsync(() => source.Asked > 0, "the request is in the queue");
        client.Dispose();
        await Eventually.TrueAsync(() => source.Given.IsCancellationRequested, "the daemon has seen it go");
        gate.Set();
        await busy;
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, checkedNow);
        Assert.Equal("Information|do_request      : the client went before its turn came, nothing was checked", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task Too_many_at_once_are_turned_away_with_a_reason_that_is_no_verdict()
    {
        var overloaded = new FakeSource(_ => Verdict.Overloaded);
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using (client)
        {
            var serving = Serve(server, Patient, overloaded);
            await client.SendAsync(Good);
            var buffer = new byte[200];
            var count = await client.ReceiveAsync(buffer);
            Assert.Equal("NO internal mechanism failure: too many verifications are waiting", System.Text.Encoding.ASCII.GetString(buffer, 2, count - 2));
            client.Close();
            await serving.WaitAsync(TimeSpan.FromSeconds(20));
        }
        Assert.EndsWith("[reason=too many verifications are waiting]", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task The_password_is_zeroed_after_the_reply()
    {
        Assert.Equal("OK", await TalkAsync(client => client.SendAsync(Good)));
        Assert.All(_source.Asked.Single().Password.ToArray(), b => Assert.Equal(0, b));
    }

    [Fact]
    public async Task No_secret_reaches_a_line_of_the_log()
    {
        foreach (var cut in Enumerable.Range(1, Good.Length))
            await TalkAsync(async client =>
            {
                await client.SendAsync(Good.AsMemory(0, cut));
                client.Shutdown(SocketShutdown.Send);
            });
        Assert.NotEmpty(_log.Lines);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("geh", StringComparison.Ordinal));
    }

    /// <summary>The reply's text, or null when the connection ended without one.</summary>
    async Task<string?> TalkAsync(Func<Socket, Task> talk, MuxDeadlines? deadlines = null)
    {
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using (client)
        {
            var serving = Serve(server, deadlines ?? Patient);
            await talk(client);
            var buffer = new byte[2000];
            var count = 0;
            try
            {
                while (await client.ReceiveAsync(buffer.AsMemory(count)).AsTask().WaitAsync(TimeSpan.FromSeconds(20)) is var more and > 0)
                    count += more;
            }
            catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
            {
                // Closed while bytes of ours were unread: closed all the same.
            }
            client.Close();
            await serving.WaitAsync(TimeSpan.FromSeconds(20));
            return count == 0 ? null : System.Text.Encoding.UTF8.GetString(buffer.AsSpan(2, count - 2));
        }
    }

    async Task AfterTicksAsync(int count)
    {
        var until = _loop.Ticks + count;
        await Eventually.TrueAsync(() => _loop.Ticks > until, "time passes");
    }

    (MuxServer Server, SilentConnections Silent) Create(MuxDeadlines deadlines, IPasswordSource? source)
    {
        var verifier = new Verifier(new MechanismChain([source ?? _source]), null, appendRealm: false, _log);
        var reception = new Reception(verifier, AccessList.Everybody, new(100, 100), new(RequestCodec.LongestPassword), new(_log, TimeProvider.System));
        var silent = new SilentConnections(10, deadlines, _log, TimeProvider.System);
        return (new(_loop, () => reception, silent, _log, TimeProvider.System), silent);
    }

    /// <summary>Completes when the connection has been closed.</summary>
    Task Serve(Socket server, MuxDeadlines deadlines, IPasswordSource? source = null)
    {
        var (mux, _) = Create(deadlines, source);
        var taken = new TaskCompletionSource();
        _loop.Post(() =>
        {
            mux.Adopt(RawSockets.Own(server));
            taken.SetResult();
        });
        return EndAsync();

        async Task EndAsync()
        {
            await taken.Task;
            await Eventually.TrueAsync(() => mux.Count == 0, "the connection is closed", TimeSpan.FromSeconds(40));
        }
    }

    static async Task DripAsync(Socket client, CancellationToken stop)
    {
        try
        {
            foreach (var b in Good)
            {
                await client.SendAsync(new[] { b }, stop);
                await Task.Delay(40, stop);
            }
        }
        catch (Exception over) when (over is SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    /// <summary>A source that needs a hashing thread, as shadow does.</summary>
    sealed class QueuedSource(HashWorkers workers, Func<int> check) : IPasswordSource
    {
        public string Name => "queued";

        public int Asked { get; private set; }

        public CancellationToken Given { get; private set; }

        public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop)
        {
            Given = stop;
            var work = workers.TryRun(check, stop)!;
            Asked++;
            await work;
            return Verdict.Ok;
        }
    }

    /// <summary>A source that answers when the test says so.</summary>
    sealed class WaitingSource(Task<Verdict> answer) : IPasswordSource
    {
        public string Name => "waiting";

        public int Asked { get; private set; }

        public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop)
        {
            Asked++;
            return await answer;
        }
    }
}

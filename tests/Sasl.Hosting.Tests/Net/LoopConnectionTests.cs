using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Hosting.Tests.Net;

public sealed class LoopConnectionTests : IDisposable
{
    const int Max = 100;

    readonly ConcurrentQueue<Exception> _failed = new();
    readonly EventLoop _loop;
    readonly LoopConnection _connection;
    readonly Socket _peer;

    public LoopConnectionTests()
    {
        _loop = EventLoop.Start("test", _failed.Enqueue);
        (_peer, var near) = Descriptors.Pair(SocketType.Stream);
        _connection = new(near, _loop);
    }

    async Task<string> ReadAsync()
    {
        var line = await _connection.ReadLineAsync(Max).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        return line.IsComplete ? line.ToString() : line.Status.ToString();
    }

    [Fact]
    public async Task Lines_come_whole_however_they_are_cut()
    {
        foreach (var piece in new[] { "on", "e\ntwo\r\nth", "", "ree\n", "\n" })
        {
            _peer.Send(Encoding.ASCII.GetBytes(piece));
            await Task.Yield();
        }
        Assert.Equal(["one", "two", "three", ""], [await ReadAsync(), await ReadAsync(), await ReadAsync(), await ReadAsync()]);
        Assert.False(_connection.TryReadLine(Max, out _));
    }

    [Fact]
    public async Task Who_waits_goes_on_on_the_loops_thread()
    {
        var heard = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task WaitAsync()
        {
            await _connection.ReadLineAsync(Max).ConfigureAwait(false);
            heard.SetResult(Thread.CurrentThread.Name);
        }
        // It runs to the await and there it waits.
        var waiting = WaitAsync();
        _peer.Send("x\n"u8);
        var thread = await heard.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("test", thread);
        await waiting;
    }

    [Fact]
    public async Task What_came_before_the_end_is_read_and_then_the_end()
    {
        _peer.Send("last\nhalf"u8);
        _peer.Dispose();
        Assert.Equal(["last", "Closed", "Closed"], [await ReadAsync(), await ReadAsync(), await ReadAsync()]);
    }

    [Theory]
    [InlineData(Max, "complete")]
    [InlineData(Max + 1, "TooLong")]
    [InlineData(5000, "TooLong")]
    [InlineData(200_000, "TooLong")]
    public async Task A_line_that_is_too_long_is_skipped_and_no_more(int length, string expected)
    {
        var sending = Task.Run(() => _peer.Send(Encoding.ASCII.GetBytes(new string('a', length) + "\nnext\n")));
        var line = await ReadAsync();
        Assert.Equal(expected, line.Length == Max ? "complete" : line);
        Assert.Equal("next", await ReadAsync());
        await sending;
    }

    [Fact]
    public async Task A_line_may_be_as_long_as_the_reader_says()
    {
        _ = Task.Run(() => _peer.Send(Encoding.ASCII.GetBytes(new string('a', 16384) + "\nnext\n")));
        Assert.Equal(16384, (await _connection.ReadLineAsync(16384)).Bytes.Length);
        Assert.Equal("next", await ReadAsync());
    }

    [Fact]
    public async Task A_nul_is_told()
    {
        _peer.Send("a\0b\nok\n"u8);
        Assert.Equal(["Nul", "ok"], [await ReadAsync(), await ReadAsync()]);
    }

    [Fact]
    public async Task A_silent_peer_is_late_and_may_speak_again()
    {
        _connection.Timeout = TimeSpan.FromMilliseconds(20);
        Assert.Equal("TimedOut", await ReadAsync());
        _connection.Timeout = Timeout.InfiniteTimeSpan;
        _peer.Send("here\n"u8);
        Assert.Equal("here", await ReadAsync());
    }

    [Fact]
    public async Task A_cancelled_read_ends_and_what_has_come_is_still_read()
    {
        var waiting = ReadAsync();
        _connection.CancelRead();
        Assert.Equal("Closed", await waiting);
        _peer.Send("late\n"u8);
        await Eventually.TrueAsync(() => _connection.Socket.Available > 0, "it has come");
        Assert.Equal(["late", "Closed"], [await ReadAsync(), await ReadAsync()]);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_holds_up_the_writer_and_nobody_else()
    {
        var bytes = new byte[4_000_000];
        new Random(1).NextBytes(bytes);
        var writing = _connection.WriteAsync(bytes).AsTask();
        _peer.Send("a line\n"u8);
        Assert.Equal("a line", await ReadAsync());
        Assert.False(writing.IsCompleted);
        var got = new byte[bytes.Length];
        for (var count = 0; count < got.Length;)
            count += _peer.Receive(got, count, got.Length - count, SocketFlags.None);
        await writing.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(bytes, got);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_writer_learns_that_the_peer_or_we_have_gone(bool peerGoes)
    {
        var writing = _connection.WriteAsync(new byte[4_000_000]).AsTask();
        if (peerGoes)
            _peer.Dispose();
        else
            _connection.Dispose();
        await Assert.ThrowsAsync<IOException>(() => writing.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAsync<IOException>(() => _connection.WriteAsync(new byte[1]).AsTask());
    }

    [Fact]
    public async Task Abort_ends_the_read_that_waits()
    {
        var waiting = ReadAsync();
        _connection.Abort();
        Assert.Equal("Closed", await waiting);
        Assert.Equal(0, _peer.Receive(new byte[1]));
    }

    [Fact]
    public void Any_bytes_in_any_pieces_are_the_same_lines()
    {
        var some = Gen.Frequency((3, Gen.Const((byte)'\n')), (1, Gen.Const((byte)'\r')), (1, Gen.Const((byte)0)), (20, Gen.Byte));
        Gen.Select(some.Array[0, 600], Gen.Int[1, 50]).Sample((bytes, size) =>
            Task.Run(() => PlayAsync(bytes, size)).WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult(), iter: 200, threads: 1);
    }

    async Task PlayAsync(byte[] bytes, int size)
    {
        var (far, near) = Descriptors.Pair(SocketType.Stream);
        using var connection = new LoopConnection(near, _loop);
        // The kernel takes a few hundred small pieces and no more.
        var sending = Task.Run(() =>
        {
            for (var at = 0; at < bytes.Length; at += size)
                far.Send(bytes.AsSpan(at, Math.Min(size, bytes.Length - at)));
            far.Dispose();
        });
        var lines = Encoding.Latin1.GetString(bytes).Split('\n')[..^1].Select(l => l is [.., '\r'] ? l[..^1] : l);
        foreach (var expected in lines)
        {
            var line = await connection.ReadLineAsync(Max);
            Assert.Equal(expected.Length > Max ? LineStatus.TooLong : expected.Contains('\0') ? LineStatus.Nul : LineStatus.Complete, line.Status);
            if (line.IsComplete)
                Assert.Equal(expected, line.ToString());
        }
        Assert.Equal(LineStatus.Closed, (await connection.ReadLineAsync(Max)).Status);
        await sending;
    }

    public void Dispose()
    {
        _connection.Dispose();
        _peer.Dispose();
        _loop.Dispose();
        Assert.Empty(_failed);
    }
}

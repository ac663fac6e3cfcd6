using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Sasl.Hosting.Net;

namespace Sasl.Hosting.Tests.Net;

public sealed class LineReaderTests
{
    static LineReader Over(string wire, out Pipe pipe, bool complete = true)
    {
        pipe = new Pipe();
        pipe.Writer.WriteAsync(Encoding.Latin1.GetBytes(wire)).AsTask().Wait();
        if (complete)
            pipe.Writer.Complete();
        return new LineReader(pipe.Reader, TimeProvider.System) { Timeout = TimeSpan.FromSeconds(10) };
    }

    [Fact]
    public async Task Lines_come_one_by_one_and_the_end_is_told()
    {
        using var reader = Over("one\r\ntwo\n\r\nhalf", out _);
        Assert.Equal("one", (await reader.ReadLineAsync(100)).ToString());
        Assert.Equal("two", (await reader.ReadLineAsync(100)).ToString());
        Assert.Equal("", (await reader.ReadLineAsync(100)).ToString());
        Assert.Equal(LineStatus.Closed, (await reader.ReadLineAsync(100)).Status);
    }

    [Fact]
    public async Task A_line_of_exactly_the_maximum_is_whole_and_one_more_is_too_long()
    {
        using var reader = Over($"{new string('a', 10)}\r\n{new string('b', 11)}\r\n{new string('c', 11)}\nnext\r\n", out _);
        Assert.Equal(LineStatus.Complete, (await reader.ReadLineAsync(10)).Status);
        Assert.Equal(LineStatus.TooLong, (await reader.ReadLineAsync(10)).Status);
        Assert.Equal(LineStatus.TooLong, (await reader.ReadLineAsync(10)).Status);
        Assert.Equal("next", (await reader.ReadLineAsync(10)).ToString());
    }

    [Fact]
    public async Task An_endless_line_holds_no_memory_and_the_next_line_is_read()
    {
        var pipe = new Pipe();
        using var reader = new LineReader(pipe.Reader, TimeProvider.System);
        var writing = Task.Run(async () =>
        {
            var block = new byte[8192];
            block.AsSpan().Fill((byte)'x');
            for (var i = 0; i < 200; i++)
                await pipe.Writer.WriteAsync(block);
            await pipe.Writer.WriteAsync("\r\nnext\r\n"u8.ToArray());
        });
        Assert.Equal(LineStatus.TooLong, (await reader.ReadLineAsync(512)).Status);
        Assert.Equal("next", (await reader.ReadLineAsync(512)).ToString());
        await writing;
    }

    [Fact]
    public async Task Nul_and_bare_line_feed_are_told_when_asked_for()
    {
        using var reader = Over("a\0b\r\nbare\nfine\r\n", out _);
        reader.Ending = LineEnding.Strict;
        Assert.Equal(LineStatus.Nul, (await reader.ReadLineAsync(100)).Status);
        Assert.Equal(LineStatus.BareLineFeed, (await reader.ReadLineAsync(100)).Status);
        Assert.Equal("fine", (await reader.ReadLineAsync(100)).ToString());
    }

    [Fact]
    public async Task A_silent_peer_meets_the_deadline_and_the_reader_lives_on()
    {
        using var reader = Over("", out var pipe, complete: false);
        reader.Timeout = TimeSpan.FromMilliseconds(30);
        Assert.Equal(LineStatus.TimedOut, (await reader.ReadLineAsync(100)).Status);
        reader.Timeout = TimeSpan.FromSeconds(10);
        await pipe.Writer.WriteAsync("late\r\n"u8.ToArray());
        Assert.Equal("late", (await reader.ReadLineAsync(100)).ToString());
    }

    [Fact]
    public async Task A_dribbling_peer_meets_the_same_deadline()
    {
        using var reader = Over("x", out var pipe, complete: false);
        reader.Timeout = TimeSpan.FromMilliseconds(100);
        using var stop = new CancellationTokenSource();
        var dribble = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await pipe.Writer.WriteAsync("x"u8.ToArray());
                await Task.Delay(10);
            }
        });
        Assert.Equal(LineStatus.TimedOut, (await reader.ReadLineAsync(100000)).Status);
        await stop.CancelAsync();
        await dribble;
    }

    [Fact]
    public async Task Literals_are_exact_and_leave_the_rest()
    {
        using var reader = Over("12345rest\r\n", out _);
        var bytes = new byte[5];
        Assert.Equal(LineStatus.Complete, await reader.ReadLiteralAsync(bytes));
        Assert.Equal("12345"u8.ToArray(), bytes);
        Assert.True(reader.HasBufferedInput);
        Assert.Equal("rest", (await reader.ReadLineAsync(100)).ToString());
    }

    [Fact]
    public async Task A_literal_that_ends_early_is_told()
    {
        using var reader = Over("123", out _);
        Assert.Equal(LineStatus.Closed, await reader.ReadLiteralAsync(new byte[5]));
    }

    [Fact]
    public void Any_bytes_in_any_cut_give_the_same_lines()
    {
        Gen.Select(Gen.Char["a\r\nz"].Array[0, 40].Select(c => new string(c)), Gen.Int[1, 7]).Sample((wire, cut) =>
        {
            var expected = wire.Split('\n')[..^1].Select(l => l.EndsWith('\r') ? l[..^1] : l).ToArray();
            var pipe = new Pipe();
            using var reader = new LineReader(pipe.Reader, TimeProvider.System);
            var lines = new List<string>();
            var reading = Task.Run(async () =>
            {
                while (await reader.ReadLineAsync(1000) is { IsComplete: true } line)
                    lines.Add(line.ToString());
            });
            for (var at = 0; at < wire.Length; at += cut)
                pipe.Writer.WriteAsync(Encoding.Latin1.GetBytes(wire[at..Math.Min(wire.Length, at + cut)])).AsTask().Wait();
            pipe.Writer.Complete();
            reading.Wait();
            return lines.SequenceEqual(expected);
        }, iter: 300);
    }
}

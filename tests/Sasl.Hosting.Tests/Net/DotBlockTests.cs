using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Sasl.Hosting.Net;

namespace Sasl.Hosting.Tests.Net;

public sealed class DotBlockTests
{
    static async Task<(DotBlockResult Result, string Text, string Left)> ReadAsync(string wire, int cut = int.MaxValue, long max = long.MaxValue)
    {
        var pipe = new Pipe();
        using var reader = new LineReader(pipe.Reader, TimeProvider.System) { Timeout = TimeSpan.FromSeconds(10) };
        var bytes = Encoding.Latin1.GetBytes(wire);
        var writing = Task.Run(async () =>
        {
            for (var at = 0; at < bytes.Length; at += cut)
                await pipe.Writer.WriteAsync(bytes.AsMemory(at, Math.Min(cut, bytes.Length - at)));
            await pipe.Writer.CompleteAsync();
        });
        var text = new MemoryStream();
        var result = await reader.ReadDotBlockAsync((block, _) => { text.Write(block.Span); return ValueTask.CompletedTask; }, max);
        await writing;
        return (result, Encoding.Latin1.GetString(text.ToArray()), Encoding.Latin1.GetString(reader.TakeBufferedInput()));
    }

    [Theory]
    [InlineData("hello\r\n.\r\nQUIT\r\n", "hello\r\n", "QUIT\r\n")]
    [InlineData(".\r\n", "", "")]
    [InlineData("..\r\n.\r\n", ".\r\n", "")]
    [InlineData("..a\r\n.b\r\n.\r\n", ".a\r\nb\r\n", "")]
    [InlineData("a\rb\r\r\n.\r\n", "a\rb\r\r\n", "")]
    [InlineData("a\nb\r\n.\r\n", "a\r\nb\r\n", "")]
    public async Task Text_comes_out_without_its_transparency_dots(string wire, string text, string rest)
    {
        for (var cut = 1; cut <= wire.Length; cut++)
        {
            var got = await ReadAsync(wire, cut);
            Assert.Equal(LineStatus.Complete, got.Result.Status);
            Assert.Equal(text, got.Text);
            Assert.Equal(text.Length, got.Result.Size);
            if (cut == wire.Length)
                Assert.Equal(rest, got.Left);
        }
    }

    [Theory]
    [InlineData("\n.\n")]
    [InlineData("\n.\r\n")]
    [InlineData("\r\n.\n")]
    [InlineData("\r.\r")]
    [InlineData("\r\n.\r\r\n")]
    [InlineData("\r.\r\n")]
    [InlineData("\n.\r")]
    public async Task Smuggling_no_other_end_of_data_than_CRLF_dot_CRLF(string end)
    {
        var got = await ReadAsync($"first{end}MAIL FROM:<evil@example.org>\r\n.\r\n");
        Assert.Equal(LineStatus.Complete, got.Result.Status);
        Assert.Contains("MAIL FROM:<evil@example.org>", got.Text);
        Assert.Equal("", got.Left);
    }

    [Fact]
    public async Task A_text_over_the_limit_is_read_to_its_end_and_reported()
    {
        var got = await ReadAsync($"{new string('x', 70000)}\r\n.\r\nQUIT\r\n", max: 1000);
        Assert.Equal(LineStatus.TooLong, got.Result.Status);
        Assert.True(got.Text.Length <= 1000 + 16384);
        Assert.Equal("QUIT\r\n", got.Left);
    }

    [Fact]
    public async Task A_connection_that_ends_in_the_middle_is_reported()
    {
        Assert.Equal(LineStatus.Closed, (await ReadAsync("half a mess")).Result.Status);
        Assert.Equal(LineStatus.Closed, (await ReadAsync("half a mess\r\n.")).Result.Status);
    }

    [Fact]
    public void Stuffing_and_reading_back_gives_the_same_text_however_it_is_cut()
    {
        var line = Gen.Char["a.\rb"].Array[0, 6].Select(c => new string(c)).Where(s => !s.EndsWith('\r'));
        Gen.Select(line.Array[0, 8], Gen.Int[1, 9]).Sample((lines, cut) =>
        {
            var text = string.Concat(lines.Select(l => l + "\r\n"));
            var wire = string.Concat(lines.Select(l => (l.StartsWith('.') ? "." : "") + l + "\r\n")) + ".\r\n";
            var got = ReadAsync(wire, cut).GetAwaiter().GetResult();
            return got.Result.Status == LineStatus.Complete && got.Text == text;
        }, iter: 500);
    }
}

using System.Buffers;
using System.Text;
using CsCheck;
using MailServers.Smtp.Content;

namespace MailServers.Tests.Smtp.Content;

public class LineNormalizerTests
{
    static string Run(string text, int cut)
    {
        var output = new ArrayBufferWriter<byte>();
        var normalizer = new LineNormalizer();
        foreach (var chunk in Encoding.Latin1.GetBytes(text).Chunk(cut))
            normalizer.Write(chunk, output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }

    [Theory]
    [InlineData("a\nb\r\nc", "a\r\nb\r\nc")]
    [InlineData("\n.\n", "\r\n.\r\n")]
    [InlineData("a\r\r\n", "a\r\r\n")]
    [InlineData("", "")]
    public void Every_line_end_is_crlf(string input, string output) => Assert.Equal(output, Run(input, 100));

    [Fact]
    public void It_does_not_matter_where_chunks_are_cut() =>
        Gen.Select(Gen.Char["a\r\n."].Array[0, 30], Gen.Int[1, 5]).Sample((text, cut) => Run(new string(text), cut) == Run(new string(text), 1000));

    [Fact]
    public void No_bare_line_feed_comes_out() =>
        Gen.Char["a\r\n."].Array[0, 30].Sample(text => !Run(new string(text), 3).Replace("\r\n", "").Contains('\n'));
}

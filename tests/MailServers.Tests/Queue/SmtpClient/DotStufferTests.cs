using System.IO.Pipelines;
using System.Text;
using CsCheck;
using MailServers.Queue.SmtpClient;
using Sasl.Hosting.Net;

namespace MailServers.Tests.Queue.SmtpClient;

public sealed class DotStufferTests
{
    [Fact]
    public void What_is_stuffed_reads_back_the_same_however_it_is_cut()
    {
        var line = Gen.Char["a.\rb"].Array[0, 6].Select(c => new string(c)).Where(s => !s.EndsWith('\r'));
        Gen.Select(line.Array[0, 8], Gen.Int[1, 9]).Sample((lines, cut) =>
        {
            var text = string.Concat(lines.Select(l => l + "\r\n"));
            var pipe = new Pipe();
            var stuffer = new DotStuffer();
            foreach (var piece in Encoding.Latin1.GetBytes(text).Chunk(cut))
                stuffer.Write(piece, pipe.Writer);
            stuffer.End(pipe.Writer);
            pipe.Writer.Complete();
            var got = new MemoryStream();
            using var reader = new LineReader(pipe.Reader, TimeProvider.System);
            var result = reader.ReadDotBlockAsync((block, _) => { got.Write(block.Span); return default; }, long.MaxValue).AsTask().GetAwaiter().GetResult();
            return result.Status == LineStatus.Complete && Encoding.Latin1.GetString(got.ToArray()) == WithoutStray(text) && !reader.HasBufferedInput;
        }, iter: 1000);
    }

    // What Postfix does by default (cleanup_replace_stray_cr_lf).
    static string WithoutStray(string text) => text.Replace("\r\n", "\n").Replace('\r', ' ').Replace("\n", "\r\n");

    [Theory]
    [InlineData("a\r.\rQUIT\r\n")]
    [InlineData("a\r\n.\r.\r\n")]
    [InlineData("a\n.\nMAIL FROM:<evil@example.com>\r\n")]
    [InlineData("\r")]
    public void Smtp_smuggling_outbound_no_stray_CR_or_LF_is_sent(string text)
    {
        // CVE-2023-51764, the sending side: some servers take a bare CR or LF for a line end.
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var stuffer = new DotStuffer();
        stuffer.Write(Encoding.Latin1.GetBytes(text), output);
        stuffer.End(output);
        var sent = Encoding.Latin1.GetString(output.WrittenSpan);
        Assert.Equal(-1, sent.Replace("\r\n", "").IndexOfAny(['\r', '\n']));
        Assert.Equal(sent.Length - 3, ("\r\n" + sent).IndexOf("\r\n.\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Any_line_is_a_reply_or_not_and_never_throws() => Gen.String.Sample(text => { ClientReply.ReadLine(text); ForwardPaths.Parse(text); });
}

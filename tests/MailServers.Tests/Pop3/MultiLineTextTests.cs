using System.Buffers;
using System.Text;
using CsCheck;
using MailServers.Pop3;

namespace MailServers.Tests.Pop3;

public sealed class MultiLineTextTests
{
    static string Send(string text, int cut, long? lines = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MultiLineText(output, lines);
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var at = 0; at < bytes.Length; at += cut)
            if (!writer.Write(bytes.AsSpan(at, Math.Min(cut, bytes.Length - at))))
                break;
        writer.End();
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }

    [Theory]
    [InlineData("", ".\r\n")]
    [InlineData("a\r\n", "a\r\n.\r\n")]
    [InlineData("a", "a\r\n.\r\n")]
    [InlineData(".\r\n", "..\r\n.\r\n")]
    [InlineData("..a\r\n.b\r\n", "...a\r\n..b\r\n.\r\n")]
    [InlineData("a.b\r\n", "a.b\r\n.\r\n")]
    public void Dots_are_doubled_at_the_beginning_of_lines(string text, string wire)
    {
        for (var cut = 1; cut <= text.Length + 1; cut++)
            Assert.Equal(wire, Send(text, cut));
    }

    [Theory]
    [InlineData(0, "H: 1\r\nI: 2\r\n\r\n.\r\n")]
    [InlineData(1, "H: 1\r\nI: 2\r\n\r\n..a\r\n.\r\n")]
    [InlineData(2, "H: 1\r\nI: 2\r\n\r\n..a\r\n\r\n.\r\n")]
    [InlineData(99, "H: 1\r\nI: 2\r\n\r\n..a\r\n\r\nb\r\n.\r\n")]
    public void Top_ends_after_the_lines_that_were_asked_for(long lines, string wire)
    {
        for (var cut = 1; cut < 30; cut++)
            Assert.Equal(wire, Send("H: 1\r\nI: 2\r\n\r\n.a\r\n\r\nb\r\n", cut, lines));
    }

    [Fact]
    public void Any_text_in_any_cut_reads_back_the_same() =>
        Gen.Select(Gen.Char[".a\r"].Array[0, 5].Select(c => new string(c)).Where(l => !l.EndsWith('\r')).Array[0, 8], Gen.Int[1, 9]).Sample((lines, cut) =>
        {
            var text = string.Concat(lines.Select(l => l + "\r\n"));
            var wire = Send(text, cut);
            Assert.EndsWith(".\r\n", wire);
            var back = string.Concat(wire[..^3].Split("\r\n")[..^1].Select(l => (l.StartsWith('.') ? l[1..] : l) + "\r\n"));
            return back == text && !wire[..^3].Split("\r\n").Contains(".");
        }, iter: 1000);
}

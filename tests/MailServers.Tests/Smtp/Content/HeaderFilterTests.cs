using System.Buffers;
using System.Text;
using CsCheck;
using MailServers.Smtp.Content;

namespace MailServers.Tests.Smtp.Content;

public class HeaderFilterTests
{
    static string Run(string text, int cut = int.MaxValue, string added = "")
    {
        var output = new ArrayBufferWriter<byte>();
        var filter = new HeaderFilter(output, _ => added);
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var at = 0; at < bytes.Length; at += Math.Min(cut, bytes.Length))
            filter.Write(bytes.AsSpan(at, Math.Min(cut, bytes.Length - at)));
        filter.Finish();
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }

    [Theory]
    [InlineData("Subject: a\r\n\r\nbody\r\n", "Subject: a\r\n\r\nbody\r\n")]
    [InlineData("just text\r\n", "\r\njust text\r\n")]
    [InlineData(" indented\r\n", "\r\n indented\r\n")]
    [InlineData("\r\nbody\r\n", "\r\nbody\r\n")]
    [InlineData("", "")]
    [InlineData("Subject: a\r\n", "Subject: a\r\n")]
    [InlineData("Subject: a\r\nno header: x\r\n", "Subject: a\r\n\r\nno header: x\r\n")]
    [InlineData("Subject : a\r\n\r\n", "Subject : a\r\n\r\n")]
    [InlineData("Bcc: secret@example.com,\r\n more@example.com\r\nTo: a\r\n\r\nBcc: stays\r\n", "To: a\r\n\r\nBcc: stays\r\n")]
    [InlineData("RETURN-PATH: <a>\r\nContent-Length: 5\r\nResent-Bcc: x\r\nA: b\r\n\r\n", "A: b\r\n\r\n")]
    [InlineData("From someone Mon Jan\r\nA: b\r\n\r\nt\r\n", "X-Mailbox-Line: From someone Mon Jan\r\nA: b\r\n\r\nt\r\n")]
    [InlineData(">From someone Mon Jan\r\nA: b\r\n\r\nt\r\n", "X-Mailbox-Line: >From someone Mon Jan\r\nA: b\r\n\r\nt\r\n")]
    [InlineData("A: b\r\nFrom nobody\r\n", "A: b\r\n\r\nFrom nobody\r\n")]
    [InlineData(": no name\r\n", "\r\n: no name\r\n")]
    [InlineData("A: b\r\rc\r\n\r\n", "A: b\r\rc\r\n\r\n")]
    [InlineData("Subject", "\r\nSubject")]
    public void Passes_drops_and_completes(string input, string output)
    {
        foreach (var cut in (int[])[int.MaxValue, 1, 2, 3, 7])
            Assert.Equal(output, Run(input, cut));
    }

    [Fact]
    public void Adds_what_is_missing_at_the_end_of_the_header() =>
        Assert.Equal("A: b\r\nDate: now\r\n\r\ntext\r\n", Run("A: b\r\n\r\ntext\r\n", added: "Date: now\r\n"));

    [Fact]
    public void Knows_what_is_missing_and_counts_hops()
    {
        var filter = new HeaderFilter(new ArrayBufferWriter<byte>(), _ => "");
        filter.Write("Received: a\r\nrEceived:b\r\nDATE: x\r\nmessage-id : y\r\n\r\nReceived: in the body\r\n"u8);
        Assert.Equal(2, filter.ReceivedCount);
        Assert.Equal(MissingFields.From, filter.Missing);
    }

    [Fact]
    public void A_long_word_is_text_and_not_held_back()
    {
        var word = new string('x', 100_000);
        Assert.Equal($"\r\n{word}: y\r\n", Run($"{word}: y\r\n"));
    }

    [Fact]
    public void It_does_not_matter_where_the_network_cuts() =>
        Gen.Select(Gen.Char["aF: \r\nrombc>\t"].Array[0, 60], Gen.Int[1, 9]).Sample((text, cut) => Run(new string(text)) == Run(new string(text), cut));
}

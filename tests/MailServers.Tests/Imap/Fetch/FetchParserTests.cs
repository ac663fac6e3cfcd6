using System.Text;
using CsCheck;
using MailServers.Imap.Fetch;
using MailServers.Imap.Wire;

namespace MailServers.Tests.Imap.Fetch;

public sealed class FetchParserTests
{
    static List<FetchItem> Parse(string text, out string? error)
    {
        var decoder = new ImapDecoder(Encoding.Latin1.GetBytes(text));
        var items = FetchParser.Expect(decoder);
        decoder.ExpectEnd();
        error = decoder.Error;
        return items;
    }

    [Theory]
    [InlineData("FAST", "Flags InternalDate Size")]
    [InlineData("all", "Flags InternalDate Size Envelope")]
    [InlineData("FULL", "Flags InternalDate Size Envelope Body")]
    [InlineData("FLAGS", "Flags")]
    [InlineData("(UID BODYSTRUCTURE)", "Uid BodyStructure")]
    [InlineData("BODY", "Body")]
    [InlineData("RFC822.SIZE", "Size")]
    [InlineData("RFC822", "Section")]
    public void Items_and_macros(string text, string expected)
    {
        Assert.Equal(expected, string.Join(' ', Parse(text, out var error).Select(i => i.Attribute)));
        Assert.Null(error);
    }

    [Theory]
    [InlineData("BODY[]", "BODY[]", false)]
    [InlineData("body.peek[text]", "BODY[TEXT]", true)]
    [InlineData("BODY[1]", "BODY[1]", false)]
    [InlineData("BODY[1.2.3.MIME]", "BODY[1.2.3.MIME]", false)]
    [InlineData("BODY[4.HEADER]", "BODY[4.HEADER]", false)]
    [InlineData("BODY.PEEK[HEADER.FIELDS (date \"From\" {2}\r\nTo)]", "BODY[HEADER.FIELDS (DATE FROM TO)]", true)]
    [InlineData("BODY[1.HEADER.FIELDS.NOT (x)]<10.20>", "BODY[1.HEADER.FIELDS.NOT (X)]<10>", false)]
    [InlineData("BODY[]<0.4294967295>", "BODY[]<0>", false)]
    public void Sections(string text, string label, bool peek)
    {
        var section = Assert.Single(Parse(text, out var error)).Section!;
        Assert.Null(error);
        Assert.Equal((label, peek), (section.Label, section.Peek));
    }

    [Theory]
    [InlineData("")]
    [InlineData("()")]
    [InlineData("(FAST)")]
    [InlineData("(FLAGS")]
    [InlineData("FLAGS UID")]
    [InlineData("FLAGSX")]
    [InlineData("BODY[")]
    [InlineData("BODY[0]")]
    [InlineData("BODY[1.]")]
    [InlineData("BODY[.1]")]
    [InlineData("BODY[1..2]")]
    [InlineData("BODY[1TEXT]")]
    [InlineData("BODY[MIME]")]
    [InlineData("BODY[TEXT.1]")]
    [InlineData("BODY[HEADER.FIELDS]")]
    [InlineData("BODY[HEADER.FIELDS ()]")]
    [InlineData("BODY[]<5>")]
    [InlineData("BODY[]<0.0>")]
    [InlineData("BODY[]<-1.5>")]
    [InlineData("BODY.PEEK")]
    public void What_is_no_fetch_item_is_refused(string text)
    {
        Parse(text, out var error);
        Assert.NotNull(error);
    }

    [Fact]
    public void Noise_neither_throws_nor_hangs() =>
        Gen.OneOf("BODY", ".PEEK", "[", "]", "(", ")", "HEADER.FIELDS", "1", ".", "<", ">", " ", "TEXT", "MIME", "FLAGS", "\"", "{1}\r\n", "x").Array[0, 20]
            .Sample(words => Parse(string.Concat(words), out _));
}

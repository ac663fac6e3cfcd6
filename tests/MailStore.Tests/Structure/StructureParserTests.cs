using System.Text;
using CsCheck;
using MailStore.Structure;

namespace MailStore.Tests.Structure;

public class StructureParserTests
{
    static MessageStructure Parse(string text) => StructureParser.Parse(new MemoryStream(Encoding.Latin1.GetBytes(text)));

    static string Lines(params string[] lines) => string.Concat(lines.Select(l => l + "\r\n"));

    static string Body(string text, PartStructure part) => text[(int)part.BodyStart..(int)part.End];

    [Fact]
    public void A_plain_message()
    {
        var text = Lines("Subject: hi", "", "one", "two");
        var root = Parse(text).Root;
        Assert.Equal(("text", "plain", "7bit", 2), (root.Type, root.Subtype, root.Encoding, root.BodyLines));
        Assert.Equal("one\r\ntwo\r\n", Body(text, root));
        Assert.Equal("charset", root.Parameters.Single().Key);
    }

    [Fact]
    public void A_multipart_with_an_embedded_message_and_an_inner_multipart()
    {
        var text = Lines("Subject: x", "Content-Type: multipart/mixed; boundary=b", "", "pre", "--b", "", "hello", "world", "--b",
            "Content-Type: message/rfc822", "", "Subject: in", "", "inner", "", "--b", "Content-Type: multipart/alternative; boundary=\"c d\"", "",
            "--c d", "A: b", "--c d--", "epi", "--b--  ", "epilog");
        var root = Parse(text).Root;
        Assert.Equal(3, root.Children.Count);
        Assert.Equal("hello\r\nworld", Body(text, root.Children[0]));
        // Dovecot counts line ends: the last one belongs to the boundary.
        Assert.Equal(1, root.Children[0].BodyLines);
        var embedded = root.Children[1];
        Assert.Equal("in", embedded.Message!.Envelope.Subject);
        Assert.Equal("Subject: in\r\n\r\ninner\r\n", Body(text, embedded));
        Assert.Equal("inner\r\n", Body(text, embedded.Message.Root));
        Assert.Equal((3, 1), (embedded.BodyLines, embedded.Message.Root.BodyLines));
        Assert.Equal(0, root.Children[2].Children.Single().BodySize);
        Assert.Equal(text.Length, root.End);
    }

    [Fact]
    public void A_line_is_a_boundary_by_its_beginning()
    {
        var text = Lines("Content-Type: multipart/mixed; boundary=b", "", "-b", "--b \t", "", "x --b", " --b", "--bb", "", "y", "--b--x", "z");
        Assert.Equal(["x --b\r\n --b", "y"], Parse(text).Root.Children.Select(c => Body(text, c)));
    }

    [Fact]
    public void Of_two_boundaries_the_longer_one_is_meant()
    {
        var text = Lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: multipart/mixed; boundary=bb", "", "--bb", "", "x", "--bb", "", "y", "--b", "", "z", "--b--");
        var root = Parse(text).Root;
        Assert.Equal(["x", "y"], root.Children[0].Children.Select(c => Body(text, c)));
        Assert.Equal("z", Body(text, root.Children[1]));
    }

    [Fact]
    public void A_quoted_boundary_keeps_its_blanks()
    {
        var text = Lines("Content-Type: multipart/mixed; boundary=\"a b \" ; x=y ", "", "--a b ", "", "x", "--a b --", "z");
        var root = Parse(text).Root;
        Assert.Equal("x", Body(text, root.Children.Single()));
        Assert.Equal("boundary=a b ;x=y", string.Join(';', root.Parameters.Select(p => $"{p.Key}={p.Value}")));
    }

    [Fact]
    public void An_outer_boundary_ends_an_inner_part_that_was_never_closed()
    {
        var text = Lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: multipart/mixed; boundary=c", "", "--c", "", "x", "--b", "", "y", "--b--");
        var root = Parse(text).Root;
        Assert.Equal(["x", "y"], [Body(text, root.Children[0].Children.Single()), Body(text, root.Children[1])]);
    }

    [Fact]
    public void Every_field_of_a_part()
    {
        var part = Parse(Lines("Content-Type: Application/PDF; Name*0=ab; name*1=\"c d\"; x*=utf-8''%e4; y*1=z; y*0*=utf-8''%41", "Content-ID: <i@d>",
            "Content-Description: what", "\tit is", "Content-Transfer-Encoding: BASE64 (c)", "Content-MD5: Q2hlY2s=",
            "Content-Disposition: ATTACHMENT; filename*=utf-8''%c3%a4", "Content-Language: de, en", "Content-Location: http://x/", "")).Root;
        Assert.Equal(("application", "pdf", "base64", "<i@d>", "what\tit is"), (part.Type, part.Subtype, part.Encoding, part.Id, part.Description));
        Assert.Equal(("Q2hlY2s=", "attachment", "http://x/"), (part.Md5, part.Disposition, part.Location));
        Assert.Equal("name=abc d x*=utf-8''%e4 y*=utf-8''%41z", string.Join(' ', part.Parameters.Select(p => $"{p.Key}={p.Value}")));
        Assert.Equal("filename*=utf-8''%c3%a4", string.Join(' ', part.DispositionParameters.Select(p => $"{p.Key}={p.Value}")));
        Assert.Equal(["de", "en"], part.Languages);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no header at all\r\nfoo\r\n")]
    [InlineData("A: b")]
    [InlineData("Content-Type: multipart/mixed\r\n\r\nx\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n")]
    [InlineData("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogeA==\r\n")]
    [InlineData("Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: x\r\n\r\n--b--")]
    public void What_IMAPs_grammar_demands_is_there(string text) => Check(Encoding.Latin1.GetBytes(text));

    [Fact]
    public void Attack_nesting_without_end_is_cut_at_a_hundred_levels()
    {
        var text = string.Concat(Enumerable.Range(0, 5000).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n"));
        Check(Encoding.Latin1.GetBytes(text));
        Check(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\r\n\r\n", 5000))));
        var depth = 0;
        for (var part = Parse(text).Root; part.Children.Count > 0; part = part.Children[0])
            depth++;
        Assert.Equal(StructureParser.Deepest, depth);
    }

    [Fact]
    public void Attack_parts_without_end_stop_at_ten_thousand()
    {
        var text = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\n\r\n", 20_000)) + "--b--\r\n";
        Assert.Equal(StructureParser.MostParts - 1, Parse(text).Root.Children.Count);
    }

    [Fact]
    public void Attack_a_header_of_one_endless_line_is_bounded()
    {
        var text = "Subject: " + new string('x', 3_000_000) + "\r\nTo: " + string.Concat(Enumerable.Repeat("a@b,", 100_000)) + "\r\n\r\nbody";
        var structure = Parse(text);
        Assert.True(structure.Envelope.Subject!.Length <= 256 * 1024);
        Assert.True(structure.Envelope.To.Count <= 100_000);
        Assert.Equal("body", Body(text, structure.Root));
    }

    [Fact]
    public void Any_bytes_give_a_structure_with_ordered_offsets()
    {
        var words = Gen.OneOf("--b", "--c", "--b--", "--", "\r\n", "\r\n\r\n", "\n", "\r", " ", ":", ";", "Content-Type: multipart/mixed; boundary=b\r\n",
            "Content-Type: multipart/digest; boundary=c\r\n", "Content-Type: message/rfc822\r\n\r\n", "\r\n--b\r\n", "\r\n--c\r\n", "\r\n\r\n--b\r\n\r\n", "From: ", "a@b", "<", ">", "\"", "(", ")", ",", "\\", "=", "*0", "\0", "é",
            "Content-Disposition: x; y*0*=z; y*1=");
        var fragments = words.Array[0, 60].Select(w => Encoding.Latin1.GetBytes(string.Concat(w)));
        Gen.OneOf(fragments, Gen.Byte.Array[0, 400]).Sample(Check, iter: 20_000);
    }

    static void Check(byte[] text)
    {
        var root = StructureParser.Parse(new MemoryStream(text)).Root;
        Assert.Equal((0, text.Length), (root.HeaderStart, root.End));
        Check(root, 0, text.Length);
    }

    static void Check(PartStructure part, long from, long to)
    {
        Assert.True(from <= part.HeaderStart && part.HeaderStart <= part.BodyStart && part.BodyStart <= part.End && part.End <= to);
        Assert.True(part.BodyLines >= 0);
        Assert.Equal(part.IsMultipart, part.Children.Count > 0);
        Assert.Equal((part.Type, part.Subtype) == ("message", "rfc822"), part.Message is not null);
        foreach (var child in part.Children)
        {
            Check(child, from, part.End);
            from = child.End;
        }
        if (part.Message is { } message)
            Check(message.Root, part.BodyStart, part.End);
    }
}

using System.Text;
using CsCheck;
using MailServers.Imap.Wire;

namespace MailServers.Tests.Imap.Wire;

public sealed class ImapDecoderTests
{
    static ImapDecoder Over(string wire) => new(Encoding.Latin1.GetBytes(wire));

    static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("a]b", "a]b")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"\"", "")]
    [InlineData("\"say \\\"hi\\\" \\\\o/\"", "say \"hi\" \\o/")]
    [InlineData("{3}\r\na\r\n", "a\r\n")]
    [InlineData("{0}\r\n", "")]
    [InlineData("{5+}\r\n\"{(*%", "\"{(*%")]
    public void An_astring_is_an_atom_a_quoted_string_or_a_literal(string wire, string expected)
    {
        var decoder = Over(wire);
        Assert.Equal(expected, Text(decoder.ExpectAString()));
        decoder.ExpectEnd();
        Assert.Null(decoder.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("(")]
    [InlineData("\"open")]
    [InlineData("\"open\\\"")]
    [InlineData("\"bad \\escape\"")]
    [InlineData("\"line\r\n\"")]
    [InlineData("{3}\r\nab")]
    [InlineData("{3}ab")]
    [InlineData("{-1}\r\n")]
    [InlineData("{99999999999999999999}\r\n")]
    [InlineData("{3}\r\na\0b")]
    [InlineData("*")]
    public void What_is_no_astring_is_refused(string wire)
    {
        var decoder = Over(wire);
        decoder.ExpectAString();
        decoder.ExpectEnd();
        Assert.NotNull(decoder.Error);
    }

    [Fact]
    public void Try_leaves_the_input_alone_and_expect_keeps_the_first_error()
    {
        var decoder = Over("FLAGS x");
        Assert.False(decoder.TryWord("FLAG"));
        Assert.False(decoder.TryByte('('));
        Assert.False(decoder.TrySpace());
        Assert.True(decoder.TryWord("flags"));
        decoder.ExpectByte('(');
        decoder.ExpectNumber();
        Assert.Equal("Missing '('.", decoder.Error);
        Assert.False(decoder.TrySpace());
    }

    [Theory]
    [InlineData("4294967295", 4294967295u, true)]
    [InlineData("4294967296", 0u, false)]
    [InlineData("0", 0u, true)]
    [InlineData("", 0u, false)]
    [InlineData("-1", 0u, false)]
    public void A_number_has_32_bits(string wire, uint value, bool valid)
    {
        var decoder = Over(wire);
        Assert.Equal(value, decoder.ExpectNumber());
        Assert.Equal(valid, !decoder.Failed);
    }

    [Fact]
    public void A_mailbox_is_decoded_and_INBOX_has_one_spelling()
    {
        Assert.Equal("INBOX", Over("inBox").ExpectMailbox('.'));
        Assert.Equal("INBOX.Sub", Over("inbox.Sub").ExpectMailbox('.'));
        Assert.Equal("inboxes", Over("inboxes").ExpectMailbox('.'));
        Assert.Equal("Entwürfe", Over("\"Entw&APw-rfe\"").ExpectMailbox('.'));
        var wrong = Over("\"Entw&APw\"");
        wrong.ExpectMailbox('.');
        Assert.Equal("Mailbox name is not valid modified UTF-7.", wrong.Error);
    }

    [Fact]
    public void Any_string_comes_back_from_a_quoted_string_and_from_a_literal()
    {
        Gen.Byte[1, 255].Array[0, 50].Sample(bytes =>
        {
            var text = Encoding.Latin1.GetString(bytes);
            Assert.Equal(text, Text(Over($"{{{bytes.Length}}}\r\n{text}").ExpectAString()));
            if (text.AsSpan().IndexOfAny('\r', '\n') < 0)
                Assert.Equal(text, Text(Over($"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"").ExpectAString()));
        });
    }

    [Fact]
    public void Noise_neither_throws_nor_hangs()
    {
        var words = Gen.OneOf("(", ")", "\"", "\\", "{", "}", "+", "3", "\r\n", " ", "*", "%", "[", "]", "<", "&", "-", "NIL", "a", "\0", "\u00e9", ":", ",", ".");
        words.Array[0, 40].Sample(parts =>
        {
            var wire = string.Concat(parts);
            foreach (var read in new Action<ImapDecoder>[]
            {
                d => d.ExpectAString(), d => d.ExpectMailbox('.'), d => d.ExpectListMailbox(), d => d.ExpectNString(), d => d.ExpectSequenceSet(),
                d => d.ExpectList(() => d.ExpectAString()), d => FlagList.Expect(d, bare: true), d => d.ExpectLiteralAhead(),
            })
            {
                var decoder = Over(wire);
                read(decoder);
                decoder.ExpectEnd();
            }
        });
    }
}

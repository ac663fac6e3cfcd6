using CsCheck;
using MailStore.Names;

namespace MailStore.Tests.Names;

public class ModifiedUtf7Tests
{
    [Theory]
    [InlineData("INBOX", "INBOX")]
    [InlineData("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-")]
    [InlineData("Entwürfe", "Entw&APw-rfe")]
    [InlineData("a&b", "a&-b")]
    [InlineData("😀", "&2D3eAA-")]
    public void A_name_and_its_encoding(string name, string encoded)
    {
        Assert.Equal(encoded, ModifiedUtf7.Encode(name));
        Assert.Equal(name, ModifiedUtf7.Decode(encoded));
    }

    [Theory]
    [InlineData("&")]
    [InlineData("&AGE-")]
    [InlineData("&U,BTFw-&ZeVnLIqe-")]
    [InlineData("&U,BTFx-")]
    [InlineData("&2D0-")]
    [InlineData("ü")]
    [InlineData("&!-")]
    public void What_is_not_the_one_right_encoding_is_refused(string text) => Assert.Null(ModifiedUtf7.Decode(text));

    [Fact]
    public void Any_text_is_decoded_or_refused() => Gen.Char["&-AU,BTFw/+é\0"].Array[0, 20].Sample(chars =>
    {
        var text = new string(chars);
        if (ModifiedUtf7.Decode(text) is { } name)
            Assert.Equal(text, ModifiedUtf7.Encode(name));
    });
}

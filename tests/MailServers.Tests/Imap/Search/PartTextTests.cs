using System.Text;
using CsCheck;
using MailServers.Imap.Search;

namespace MailServers.Tests.Imap.Search;

public sealed class PartTextTests
{
    static ValueTask<bool> ContainsAsync(byte[] body, string encoding, string charset, string text) =>
        PartText.ContainsAsync(new MemoryStream(body), 0, body.Length, encoding, charset, text);

    [Theory]
    [InlineData("8bit", "utf-8", "Grüße aus Köln", "GRÜSSE", false)]
    [InlineData("8bit", "utf-8", "Grüße aus Köln", "KÖLN", true)]
    [InlineData("quoted-printable", "iso-8859-1", "Gr=FC=DFe aus K=\r\n=F6ln", "köln", true)]
    [InlineData("base64", "utf-8", "S8O2bG4gYW0g\r\nUmhlaW4=", "am rhein", true)]
    [InlineData("base64", "utf-8", "S8O2bG4gYW0g\r\nUmhlaW4=", "S8O2", false)]
    [InlineData("7bit", "x-nobody-knows", "plain words", "WORDS", true)]
    public async Task The_text_is_searched_as_it_reads(string encoding, string charset, string body, string text, bool found) =>
        Assert.Equal(found, await ContainsAsync(Encoding.UTF8.GetBytes(body), encoding, charset, text));

    [Fact]
    public void A_string_is_found_wherever_blocks_are_cut() => Gen.Int[0, 20_000].Sample(before =>
        Assert.True(ContainsAsync(Encoding.UTF8.GetBytes(new string('x', before) + "nädel" + new string('x', 100)), "8bit", "utf-8", "NÄDEL").AsTask().Result));
}

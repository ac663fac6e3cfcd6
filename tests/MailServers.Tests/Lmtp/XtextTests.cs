using MailServers.Lmtp;

namespace MailServers.Tests.Lmtp;

public class XtextTests
{
    // RFC 3461 §4
    [Theory]
    [InlineData("", "")]
    [InlineData("abc", "abc")]
    [InlineData("a+2Bb+3Dc", "a+b=c")]
    [InlineData("+20", " ")]
    [InlineData("a=b", null)]
    [InlineData("a b", null)]
    [InlineData("a+", null)]
    [InlineData("a+2", null)]
    [InlineData("a+zz", null)]
    [InlineData("\u00e4", null)]
    public void Decodes(string text, string? decoded) => Assert.Equal(decoded, Xtext.TryDecode(text));
}

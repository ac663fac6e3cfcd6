using CsCheck;
using MailServers.Lmtp;

namespace MailServers.Tests.Lmtp;

public sealed class MailPathTests
{
    [Theory]
    [InlineData("<a@b.example>", "a@b.example", "")]
    [InlineData("<>", "", "")]
    [InlineData(" <a@b> SIZE=1", "a@b", " SIZE=1")]
    [InlineData("<@x,@y:a@b>", "a@b", "")]
    [InlineData("<\"a>b\"@c>", "\"a>b\"@c", "")]
    [InlineData("<\"a\\\"b\"@c>", "\"a\\\"b\"@c", "")]
    [InlineData("<postmaster>", "postmaster", "")]
    [InlineData("<a@[IPv6:::1]>", "a@[IPv6:::1]", "")]
    [InlineData("<grün@exämple.org>", "grün@exämple.org", "")]
    public void A_path_is_taken_from_the_front(string text, string address, string rest)
    {
        Assert.Equal(address, MailPath.Take(text, out var left));
        Assert.Equal(rest, left.ToString());
    }

    [Theory]
    [InlineData("a@b")]
    [InlineData("<a@b")]
    [InlineData("<a@b>x")]
    [InlineData("<a b@c>")]
    [InlineData("<a@b c>")]
    [InlineData("<a@>")]
    [InlineData("<@b>")]
    [InlineData("<a@b..c>")]
    [InlineData("<a@b\rRCPT TO:<x>")]
    [InlineData("<\"a@b>")]
    [InlineData("<a<b@c>")]
    [InlineData("<@x:>")]
    public void What_is_no_path_is_refused(string text) => Assert.Null(MailPath.Take(text, out _));

    [Fact]
    public void What_was_taken_reads_back_the_same() => Gen.String[Gen.Char["ab@<>\"\\. []:\r\n"], 0, 20].Sample(text =>
    {
        if (MailPath.Take(text, out _) is not { Length: > 0 } address)
            return true;
        return MailPath.Take($"<{address}>", out var rest) == address && rest.IsEmpty && !address.Contains('\r') && !address.Contains('\n');
    }, iter: 20000);

    [Theory]
    [InlineData("\"a b\"@c", "a b", "c")]
    [InlineData("\"a@b\"@C.", "a@b", "c")]
    [InlineData("x", "x", "")]
    public void Parts(string address, string local, string domain) => Assert.Equal((local, domain), (MailPath.LocalPart(address), MailPath.Domain(address)));
}

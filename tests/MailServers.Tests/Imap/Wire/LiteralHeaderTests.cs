using System.Text;
using MailServers.Imap.Wire;

namespace MailServers.Tests.Imap.Wire;

public sealed class LiteralHeaderTests
{
    [Theory]
    [InlineData("a LOGIN {5}", 5, true)]
    [InlineData("a LOGIN {5+}", 5, false)]
    [InlineData("{0}", 0, true)]
    [InlineData("a \"x{1}\" {2}", 2, true)]
    [InlineData("a {9223372036854775807}", long.MaxValue, true)]
    public void A_line_that_ends_in_an_announcement_goes_on_with_a_literal(string line, long size, bool synchronising)
    {
        Assert.True(LiteralHeader.TryFindAtEnd(Encoding.ASCII.GetBytes(line), out var found, out var waits, out _));
        Assert.Equal((size, synchronising), (found, waits));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a {5} ")]
    [InlineData("a {}")]
    [InlineData("a {+}")]
    [InlineData("a {5-}")]
    [InlineData("a {+5}")]
    [InlineData("a {-5}")]
    [InlineData("a {99999999999999999999}")]
    [InlineData("a \"quoted {5}")]
    [InlineData("a \"escaped \\\" {5}")]
    public void Any_other_line_is_the_end_of_its_command(string line) =>
        Assert.False(LiteralHeader.TryFindAtEnd(Encoding.ASCII.GetBytes(line), out _, out _, out _));
}

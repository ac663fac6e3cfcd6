using CsCheck;
using Sasl.Protocols.DovecotAuth;

namespace Sasl.Protocols.Tests.DovecotAuth;

public sealed class MasterCommandTests
{
    [Theory]
    [InlineData("VERSION\t1\t2")]
    [InlineData("VERSION\t1\t99")]
    public void A_version(string line) => Assert.Equal(new MasterCommand.Version(1), MasterCommand.Parse(line));

    [Fact]
    public void Requests_and_lookups()
    {
        Assert.Equal(new MasterCommand.Request(1, 42, 7, "c0"), MasterCommand.Parse("REQUEST\t1\t42\t7\tc0\tsession_pid=9\trequest_auth_token"));
        Assert.Equal(new MasterCommand.Lookup("USER", 2, "a\tb", "lmtp"), MasterCommand.Parse("USER\t2\ta\u0001tb\trip=::1\tservice=lmtp"));
        Assert.Equal(new MasterCommand.Lookup("LIST", 3, "", ""), MasterCommand.Parse("LIST\t3"));
    }

    [Theory]
    [InlineData("CPID\t1")]
    [InlineData("REQUEST\t1\t0\t1\tc")]
    [InlineData("REQUEST\t1\t-1\t1\tc")]
    [InlineData("REQUEST\t1\t1\t0\tc")]
    [InlineData("USER\t1\talice")]
    [InlineData("USER\t+1\talice\tservice=x")]
    [InlineData("")]
    public void Broken_lines(string line) => Assert.IsType<MasterCommand.Broken>(MasterCommand.Parse(line));

    [Fact]
    public void Any_text_is_a_command_or_broken() => Gen.String.Sample(line => Assert.NotNull(MasterCommand.Parse(line)));
}

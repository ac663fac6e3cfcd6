using CsCheck;
using Sasl.Protocols.DovecotAuth;

namespace Sasl.Protocols.Tests.DovecotAuth;

public sealed class MasterCommandTests
{
    [Theory]
    [InlineData("VERSION\t1\t2", 2)]
    [InlineData("VERSION\t1\t99", 99)]
    public void A_version(string line, int minor) => Assert.Equal(new MasterCommand.Version(1, minor), MasterCommand.Parse(line));

    [Fact]
    public void Questions()
    {
        var request = Assert.IsType<MasterCommand.Query>(MasterCommand.Parse("REQUEST\t1\t42\t7\tc0\tsession_pid=9\trequest_auth_token"));
        Assert.Equal(("REQUEST", 1u, "9"), (request.Verb, request.Id, request["session_pid"]));
        Assert.Equal(["42", "7", "c0", "session_pid=9", "request_auth_token"], request.Fields);
        Assert.Equal(["a\tb", "rip=::1", "service=lmtp"], Assert.IsType<MasterCommand.Query>(MasterCommand.Parse("USER\t2\ta\u0001tb\trip=::1\tservice=lmtp")).Fields);
        Assert.Empty(Assert.IsType<MasterCommand.Query>(MasterCommand.Parse("LIST\t3")).Fields);
    }

    [Theory]
    [InlineData("CPID\t1")]
    [InlineData("USER")]
    [InlineData("USER\t0\talice\tservice=x")]
    [InlineData("USER\t+1\talice\tservice=x")]
    [InlineData("VERSION\t1")]
    [InlineData("VERSION\t1\tx")]
    [InlineData("")]
    public void Broken_lines(string line) => Assert.IsType<MasterCommand.Broken>(MasterCommand.Parse(line));

    [Fact]
    public void Any_text_is_a_command_or_broken() => Gen.String.Sample(line => Assert.NotNull(MasterCommand.Parse(line)));
}

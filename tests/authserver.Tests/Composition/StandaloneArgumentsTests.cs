using AuthServer.Composition;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Composition;

public sealed class StandaloneArgumentsTests
{
    [Fact]
    public void Everything_at_once()
    {
        var parsed = StandaloneArguments.TryParse(["-c", "/etc/mail", "-u", "auth", "--listen", "client:/s/auth:660", "--listen", "userdb:/s/u", "--listen", "login:/s/l"], out _)!;
        Assert.Equal(("/etc/mail", "auth"), (parsed.ConfigurationDirectory, parsed.User));
        Assert.Equal(
            [new ListenArgument(new(AuthListenerType.Client, 0x1B0), "/s/auth"), new(new(AuthListenerType.Userdb), "/s/u"), new(new(AuthListenerType.Login) { WaitsForClient = true }, "/s/l")],
            parsed.Listeners);
    }

    [Theory]
    [InlineData("-c is missing")]
    [InlineData("unexpected argument -x", "-x")]
    [InlineData("unexpected argument -c", "-c")]
    [InlineData("--listen client:relative: not type:path or type:path:mode", "-c", "/", "--listen", "client:relative")]
    [InlineData("--listen token:/x: not type:path or type:path:mode", "-c", "/", "--listen", "token:/x")]
    [InlineData("--listen client:/x:999: not type:path or type:path:mode", "-c", "/", "--listen", "client:/x:999")]
    public void Mistakes(string problem, params string[] arguments)
    {
        Assert.Null(StandaloneArguments.TryParse(arguments, out var told));
        Assert.Equal(problem, told);
    }
}

using System.Diagnostics;

namespace AuthServer.Tests.Peers;

/// <summary>mailctl auth against the running program, both as processes of their own.</summary>
public sealed class MailctlTests : IAsyncLifetime
{
    readonly RunningServer _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    async Task<(int Status, string Output, string Error)> AuthAsync(string input, params string[] arguments)
    {
        var mailctl = Path.Combine(Path.GetDirectoryName(typeof(AuthServerLog).Assembly.Location)!, "mailctl.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [mailctl, "auth", "-c", _server[""], .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output, await error);
    }

    [Fact]
    public async Task Test_logs_in_as_a_front_end_would()
    {
        var right = await AuthAsync(TestServer.Password, "test", "-x", "rip=192.0.2.7", "alice");
        Assert.Equal((0, "passdb: alice auth succeeded\nextra fields:\n  user=alice\n"), (right.Status, right.Output));
        Assert.Contains("auth(alice,192.0.2.7): PLAIN login succeeded", await _server.SaysAsync("login succeeded"));
        var wrong = await AuthAsync("wrong", "test", "-m", "login", "alice");
        Assert.Equal((77, "passdb: alice auth failed\nextra fields:\n  user=alice\n"), (wrong.Status, wrong.Output));
        Assert.Equal(64, (await AuthAsync("", "test", "-m", "GSSAPI", "alice")).Status);
        Assert.Equal(64, (await AuthAsync("", "test", "-x", "colour=red", "alice")).Status);
    }

    [Fact]
    public async Task Lookup_tells_what_the_databases_say_and_who_is_not_there()
    {
        Assert.Equal((0, "passdb: alice\n  user: alice\n"), Output(await AuthAsync("", "lookup", "alice")));
        Assert.Equal((0, "1234\n"), Output(await AuthAsync("", "lookup", "-u", "-f", "uid", "alice")));
        var nobody = await AuthAsync("", "lookup", "nobody-here");
        Assert.Equal((67, "auth: passdb lookup: user nobody-here doesn't exist\n"), (nobody.Status, nobody.Error));
    }

    [Fact]
    public async Task Explain_tells_the_steps_and_no_secret()
    {
        var steps = await AuthAsync("", "explain", "Alice", "192.0.2.7");
        Assert.Equal(0, steps.Status);
        Assert.Contains("name: Alice is looked up as alice\nsasldb: stored as PLAIN\nsasldb: Found\n=> the passdbs know him as alice\n", steps.Output);
        Assert.Contains("=> uid 1234, gid 1235", steps.Output);
        var refused = await AuthAsync("a wrong one", "explain", "-p", "alice");
        Assert.Contains("sasldb: Mismatch (Password mismatch)\n=> refused: BadCredentials (Password mismatch)\n", refused.Output);
        Assert.Contains("=> accepted as alice\n", (await AuthAsync(TestServer.Password, "explain", "-p", "alice")).Output);
        Assert.DoesNotContain(TestServer.Password, steps.Output + refused.Output + _server.Log);
        Assert.DoesNotContain("a wrong one", refused.Output + _server.Log);
    }

    [Fact]
    public async Task Mechanisms_and_the_cache()
    {
        Assert.Equal((0, "PLAIN plaintext\nLOGIN plaintext\n"), Output(await AuthAsync("", "mechanisms")));
        Assert.Equal((0, "0 cache entries flushed\n"), Output(await AuthAsync("", "cache", "flush")));
        Assert.StartsWith("hits: 0\nmisses: 0\n", (await AuthAsync("", "cache", "status")).Output);
        Assert.Equal(64, (await AuthAsync("", "cache", "empty")).Status);
    }

    [Fact]
    public async Task Without_a_server_it_says_so()
    {
        var nobody = await AuthAsync("", "-a", "/nonexistent/auth", "lookup", "alice");
        Assert.Equal(1, nobody.Status);
        Assert.Contains("/nonexistent/auth: ", nobody.Error);
        Assert.Contains("is the auth server running", nobody.Error);
    }

    static (int, string) Output((int Status, string Output, string Error) outcome) => (outcome.Status, outcome.Output);
}

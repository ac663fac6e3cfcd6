using Testing;
using Xunit.Abstractions;

namespace AuthServer.Tests.Peers;

/// <summary>Dovecot's own administration tool on our sockets.</summary>
public sealed class DoveadmTests(ITestOutputHelper output)
{
    const string Doveadm = "/usr/bin/doveadm";

    [RequiresTheory(program: Doveadm)]
    [InlineData("wonderland", 0, "passdb: alice auth succeeded")]
    [InlineData("wrong", 77, "passdb: alice auth failed")]
    public async Task Auth_test(string password, int exit, string said)
    {
        await using var server = await RunningServer.StartedAsync();
        var (code, text) = await Ran.AsAsync(output, Doveadm, null, "-c", "/dev/null", "auth", "test", "-a", server.ClientSocket, "alice", password);
        Assert.Equal(exit, code);
        Assert.Contains(said, text);
    }

    [RequiresFact(program: Doveadm)]
    public async Task Auth_test_without_a_saslauthd_is_a_temporary_failure()
    {
        await using var server = await RunningServer.StartedAsync("passdb {\n  driver = saslauthd\n  args = {dir}/mux\n}");
        var (_, text) = await Ran.AsAsync(output, Doveadm, null, "-c", "/dev/null", "auth", "test", "-a", server.ClientSocket, "alice", "wonderland");
        Assert.Contains("temp", text);
        Assert.Contains("cannot connect to saslauthd server: No such file or directory", server.Log);
    }

    // The whole login as Dovecot's own processes do it: AUTH on a login socket, REQUEST with its own pid, id and cookie on the master socket.
    [RequiresFact(program: Doveadm)]
    public async Task Auth_login()
    {
        await using var server = new RunningServer(null, "--listen", "login:{dir}/login:666", "--listen", "master:{dir}/master:666");
        await server.StartAsync();
        var (code, text) = await Ran.AsAsync(output, Doveadm, null, "-c", "/dev/null", "auth", "login", "-a", server["login"], "-m", server["master"], "alice", "wonderland");
        Assert.Equal(0, code);
        Assert.Contains("passdb: alice auth succeeded", text);
        Assert.Matches($@"(?s)userdb extra fields:.*uid=1234.*gid=1235.*home={server["home"]}/alice", text);
        (code, text) = await Ran.AsAsync(output, Doveadm, null, "-c", "/dev/null", "auth", "login", "-a", server["login"], "-m", server["master"], "alice", "wrong");
        Assert.Equal(77, code);
    }

    [RequiresTheory(program: Doveadm)]
    [InlineData("alice", 0, "passdb: alice")]
    [InlineData("nobody-here", 67, "doesn't exist")]
    public async Task Auth_lookup(string user, int exit, string said)
    {
        await using var server = await RunningServer.StartedAsync();
        var (code, text) = await Ran.AsAsync(output, Doveadm, null, "-c", "/dev/null", "auth", "lookup", "-a", server.UserdbSocket, user);
        Assert.Equal(exit, code);
        Assert.Contains(said, text);
    }

    [RequiresFact(program: Doveadm)]
    public async Task Auth_cache_flush()
    {
        await using var server = new RunningServer(null, "--listen", "client:{dir}/s/auth-client:666", "--listen", "master:{dir}/master:666");
        await server.StartAsync();
        var (code, text) = await Ran.AsAsync(output, Doveadm, null, "-c", "/dev/null", "auth", "cache", "flush", "-a", server["master"], "alice");
        Assert.Equal(0, code);
        Assert.Contains("0 cache entries flushed", text);
    }

    [RequiresFact(program: Doveadm)]
    public async Task User()
    {
        await using var server = await RunningServer.StartedAsync();
        var (code, text) = await Ran.AsAsync(output, Doveadm, null, "-c", "/dev/null", "-o", $"auth_socket_path={server.UserdbSocket}", "user", "alice");
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^uid\s+1234$", text);
        Assert.Matches($@"(?m)^home\s+{server["home"]}/alice$", text);
    }
}

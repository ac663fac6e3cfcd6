using System.Net.Sockets;
using System.Text;
using AuthServer.Composition;
using AuthServer.Tests.Peers;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Composition;

/// <summary>Settings that change under a server that goes on.</summary>
public sealed class LiveConfigurationTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly CapturedLog _log = new();
    readonly LiveConfiguration _configuration;

    public LiveConfigurationTests() => _configuration = new(_log);

    public void Dispose()
    {
        _configuration.Dispose();
        _directory.Dispose();
    }

    AuthServerSettings Settings(string user, string mechanisms = "plain")
    {
        var secrets = new Sasldb(_directory[$"{user}.db"]);
        secrets.Create();
        secrets.Set(user, "", Sasldb.PasswordKind, "{PLAIN}" + TestServer.Password);
        return new AuthServerSettings { Passdbs = [new("sasldb", secrets.Path)], Userdbs = [new("static", "uid=1234 gid=1235 home=/home/%n")] }
            .With(DovecotConf.AuthMechanisms, mechanisms).With(DovecotConf.AuthFailureDelay, "0").With(DovecotConf.AuthStateDir, "");
    }

    [Fact]
    public async Task The_next_login_on_a_connection_is_the_new_settings_and_one_under_way_the_old_ones()
    {
        var host = _configuration.Open(Settings("alice", "plain login"), [])!;
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        _ = Task.Run(() => Server.ServeAsync(host, new(AuthListenerType.Client), server, default));
        using var stream = new NetworkStream(client, ownsSocket: true);
        await Dialogue.PlayAsync(stream, TestServer.Tabs($"""
            {TestServer.Handshake}
            C: VERSION|1|2
            C: CPID|1
            C: AUTH|1|LOGIN|service=smtp
            S: CONT|1|VXNlcm5hbWU6
            C: CONT|1|YWxpY2U=
            S: CONT|1|UGFzc3dvcmQ6
            C: AUTH|2|PLAIN|service=smtp|resp={TestServer.Plain("bob", TestServer.Password)}
            S: FAIL|2|user=bob
            """), Pace.ByLine);
        List<string> problems = [];
        _configuration.Replace(Settings("bob", "plain"), problems);
        Assert.Empty(problems);
        await Dialogue.PlayAsync(stream, TestServer.Tabs($"""
            C: CONT|1|d29uZGVybGFuZA==
            S: OK|1|user=alice
            C: AUTH|2|PLAIN|service=smtp|resp={TestServer.Plain("bob", TestServer.Password)}
            S: OK|2|user=bob
            C: AUTH|3|PLAIN|service=smtp|resp={TestServer.Plain("alice", TestServer.Password)}
            S: FAIL|3|user=alice
            C: AUTH|4|LOGIN|service=smtp
            S: FAIL|4|reason=Unsupported authentication mechanism
            """), Pace.ByLine);
        Assert.Contains("Information: configuration reloaded: plain", _log.Lines);
    }

    [Fact]
    public void Settings_that_cannot_be_used_change_nothing()
    {
        var host = _configuration.Open(Settings("alice"), [])!;
        List<string> problems = [];
        _configuration.Replace(Settings("bob", "nonsense"), problems);
        Assert.Contains("nonsense", Assert.Single(problems));
        Assert.Same(host, host.Current);
        _configuration.Replace(Settings("bob") with { Passdbs = [] }, problems);
        Assert.Same(host, host.Current);
        _configuration.Replace(Settings("bob"), []);
        Assert.NotSame(host, host.Current);
        Assert.Same(host.Clients, host.Current.Clients);
    }

    [Fact]
    public async Task A_login_of_before_is_confirmed_after()
    {
        var host = _configuration.Open(Settings("alice"), [])!;
        using var clients = UnixSockets.Listen(_directory["c"], 0x180);
        using var masters = UnixSockets.Listen(_directory["m"], 0x180);
        using var end = new CancellationTokenSource();
        var serving = Server.RunAsync(host, [("c", new(AuthListenerType.Login), clients), ("m", new(AuthListenerType.Master), masters)], end.Token);
        await using (var client = new AuthClient(AuthAddress.TryParse(_directory["c"])!))
        {
            var login = await client.AuthenticateAsync("PLAIN", new("imap") { InitialResponse = Encoding.ASCII.GetBytes(TestServer.Right) }, _ => throw new InvalidOperationException(), default);
            _configuration.Replace(Settings("bob"), []);
            await using var master = new AuthMasterClient(AuthAddress.TryParse(_directory["m"])!);
            Assert.Equal("alice", (await master.RequestAsync(Environment.ProcessId, login.Reference!.RequestId, login.Reference.Cookie, default)).User);
        }
        await end.CancelAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
    }

    // The program itself: SIGHUP, with files that are right, broken and right again, under one connection.
    [Fact]
    public async Task A_hangup_reads_the_files_again_and_a_broken_file_changes_nothing()
    {
        await using var server = await RunningServer.StartedAsync();
        await using var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!);
        async Task<string?> LogInAsync()
        {
            var result = await client.AuthenticateAsync("PLAIN", new("smtp") { InitialResponse = Encoding.ASCII.GetBytes(TestServer.Right), NoLogin = true }, _ => throw new InvalidOperationException(), default);
            return result.IsOk ? Sasl.Protocols.TabLine.Value([.. result.Fields], "host") ?? "" : null;
        }
        Assert.Equal("", await LogInAsync());
        var pid = server.Pid;
        var before = File.ReadAllText(server["dovecot.conf"]);

        await server.HangUpAsync(before.Replace("driver = sasldb", "driver = sasldb\n  override_fields = host=new"), "configuration reloaded: plain login");
        Assert.Equal("new", await LogInAsync());
        await server.HangUpAsync(before.Replace("auth_mechanisms = plain login", "auth_mechanisms = plain nonsense"), "the configuration is not reloaded, the old one stays: ");
        Assert.Equal("new", await LogInAsync());
        await server.HangUpAsync(before + "\nnonsense {", "the configuration is not reloaded, the old one stays: ");
        Assert.Equal("new", await LogInAsync());
        await server.HangUpAsync(before, "configuration reloaded: plain login");
        Assert.Equal("", await LogInAsync());
        Assert.Equal(pid, server.Pid);
    }
}

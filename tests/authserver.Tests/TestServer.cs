using System.Net.Sockets;
using System.Text;
using AuthServer.Composition;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests;

/// <summary>An auth server in this process: a secrets database with alice, and one uid for all.</summary>
sealed class TestServer : IDisposable
{
    /// <summary>alice's password, and PLAIN messages with it and with a wrong one.</summary>
    public const string Password = "wonderland", Right = "AGFsaWNlAHdvbmRlcmxhbmQ=", Wrong = "AGFsaWNlAHdyb25n";

    public const string Handshake = """
        S: VERSION|1|4
        S: MECH|PLAIN|plaintext
        S: MECH|LOGIN|plaintext
        S: SPID|*
        S: CUID|*
        S: COOKIE|*
        S: DONE

        """;

    readonly TemporaryDirectory _directory = new();
    readonly Databases _databases = new();
    readonly CancellationTokenSource _stop = new();
    Task _serving = Task.CompletedTask;

    public TestServer(Func<AuthServerSettings, AuthServerSettings>? change = null)
    {
        var secrets = new Sasldb(_directory["secrets.db"]);
        secrets.Create();
        secrets.Set("alice", "", Sasldb.PasswordKind, "{PLAIN}" + Password);
        var settings = new AuthServerSettings
        {
            Passdbs = [new("sasldb", secrets.Path)], Userdbs = [new("static", "uid=1234 gid=1235 home=/home/%n mail=maildir:~/Maildir")],
        }.With(DovecotConf.AuthStateDir, _directory["state"]).With(DovecotConf.AuthMechanisms, "plain login").With(DovecotConf.AuthFailureDelay, "0").With(DovecotConf.AuthVerbose, "yes").With(DovecotConf.AuthDebug, "yes");
        Directory.CreateDirectory(_directory["state"]);
        var problems = new List<string>();
        Host = _databases.Open(change?.Invoke(settings) ?? settings, Log, Time, problems)
            ?? throw new InvalidOperationException(string.Join("; ", problems));
    }

    public CapturedLog Log { get; } = new();

    public SteppedTime Time { get; } = new();

    public AuthHost Host { get; }

    public string this[string name] => _directory[name];

    public Task ServeClientAsync(Socket socket, CancellationToken stop) => Server.ServeAsync(Host, new(AuthListenerType.Client), socket, stop);

    public Task ServeMasterAsync(Socket socket, CancellationToken stop) => Server.ServeAsync(Host, new(AuthListenerType.Master), socket, stop);

    /// <summary>A dialogue on auth-client in which '|' is TAB, played whole, by line and byte by byte.</summary>
    public Task PlayAsync(string script) => Dialogue.PlayAsync(ServeClientAsync, Tabs(script));

    public Task PlayMasterAsync(string script) => Dialogue.PlayAsync(ServeMasterAsync, Tabs(script));

    public static string Tabs(string script) => script.Replace('|', '\t');

    /// <summary>Real sockets, for clients that connect.</summary>
    public (string Client, string Master, string Userdb) Listen()
    {
        string[] names = ["auth-client", "auth-master", "auth-userdb"];
        var sockets = names.Select(n => (n, n == names[0] ? new(AuthListenerType.Login) { WaitsForClient = true } : new AuthListener(AuthListener.TypeOf(n)), UnixSockets.Listen(_directory[n], 0x180))).ToArray();
        _serving = Server.RunAsync(Host, sockets, _stop.Token);
        return (_directory[names[0]], _directory[names[1]], _directory[names[2]]);
    }

    /// <summary>A bare connection whose server side runs.</summary>
    public NetworkStream Connect(Func<Socket, CancellationToken, Task>? serve = null)
    {
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        _ = Task.Run(() => (serve ?? ServeClientAsync)(server, _stop.Token));
        return new NetworkStream(client, ownsSocket: true);
    }

    public static string Plain(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));

    /// <summary>Ends what listens, and waits until it has written down what is to be kept.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _serving.Wait(TimeSpan.FromSeconds(20));
    }

    public void Dispose()
    {
        Stop();
        _databases.Dispose();
        _directory.Dispose();
    }
}

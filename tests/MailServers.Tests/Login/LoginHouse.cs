using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailServers.Login;
using MailServers.Login.Imap;
using MailServers.Login.Pop3;
using Sasl.Hosting.Net;
using Sasl.Protocols.DovecotAuth;
using Sasl.Protocols.Supervision;
using Testing;

namespace MailServers.Tests.Login;

/// <summary>A login front end with everything around it: auth socket, supervision channel and a worker that echoes.</summary>
sealed class LoginHouse : IAsyncDisposable
{
    /// <summary>A stranger, as the policy sees one.</summary>
    public static readonly LoginPeer Stranger = new(IPAddress.Parse("192.0.2.7"), 4000, IPAddress.Parse("198.51.100.1"), 143);

    /// <summary>One certificate and key for all tests.</summary>
    public static readonly string Pem = SelfSigned();

    static readonly Lazy<SslServerAuthenticationOptions> _tls = new(() => ServerTls.FromPem(Pem, Pem));

    readonly TemporaryDirectory _directory = new();
    readonly CancellationTokenSource _relaysOver = new();
    readonly SupervisedChild _child;
    readonly Task _frames;
    readonly AuthClient _authClient;
    readonly LoginServer _server;

    LoginHouse(ILoginDialect dialect, LoginSettings settings, bool tls, Func<HandOffRequest, Socket, Task> worker, TimeProvider time)
    {
        Auth = new AuthStub(_directory["auth"]);
        Supervisor = new SupervisorStub(_directory["supervisor"], worker);
        _child = Supervisor.ConnectAsync().GetAwaiter().GetResult();
        _frames = _child.RunAsync();
        _authClient = new AuthClient(AuthAddress.TryParse(_directory["auth"])!);
        _server = new LoginServer(new LoginHost(dialect, settings, tls ? _tls.Value : null, _authClient, _child, Log) { Time = time, RelaysOver = _relaysOver.Token });
    }

    public AuthStub Auth { get; private set; }

    public SupervisorStub Supervisor { get; }

    public LogLines Log { get; } = new();

    public LoginPeer Peer { get; set; } = Stranger;

    public CancellationTokenSource Draining { get; } = new();

    public CancellationTokenSource RelaysOver => _relaysOver;

    public static LoginHouse Imap(LoginSettings? settings = null, bool tls = false, Func<HandOffRequest, Socket, Task>? worker = null, TimeProvider? time = null) =>
        new(new ImapDialect(), settings ?? Open, tls, worker ?? SupervisorStub.EchoAsync, time ?? TimeProvider.System);

    public static LoginHouse Pop3(LoginSettings? settings = null, bool tls = false, Func<HandOffRequest, Socket, Task>? worker = null, TimeProvider? time = null) =>
        new(new Pop3Dialect(), settings ?? Open, tls, worker ?? SupervisorStub.EchoAsync, time ?? TimeProvider.System);

    /// <summary>Passwords in the clear are allowed.</summary>
    public static LoginSettings Open => new() { DisablePlaintextAuth = false };

    /// <summary>What <see cref="Dialogue"/> plays against.</summary>
    public Task ServeAsync(Socket socket, CancellationToken stop) => _server.ServeAsync(socket, Peer, tls: false, Draining.Token);

    public Task ServeTlsAsync(Socket socket, CancellationToken stop) => _server.ServeAsync(socket, Peer, tls: true, Draining.Token);

    public async Task PlayAsync(string script) => await Dialogue.PlayAsync(ServeAsync, script);

    /// <summary>A client's end of a connection that is being served.</summary>
    public (Socket Client, Task Serving) Connect(bool tls = false)
    {
        var (client, server) = Sasl.Hosting.Unix.Descriptors.Pair(SocketType.Stream);
        return (client, Task.Run(() => _server.ServeAsync(server, Peer, tls, Draining.Token)));
    }

    /// <summary>A client that trusts this certificate alone.</summary>
    public static async Task<SslStream> HandshakeAsync(Socket socket)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mail.example.org",
            RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is X509Certificate2 c && Pem.StartsWith(c.ExportCertificatePem(), StringComparison.Ordinal),
        });
        return stream;
    }

    public async Task StopAuthAsync()
    {
        await Auth.DisposeAsync();
        File.Delete(_directory["auth"]);
    }

    public void StartAuth() => Auth = new AuthStub(_directory["auth"]);

    public async ValueTask DisposeAsync()
    {
        await Draining.CancelAsync();
        await _relaysOver.CancelAsync();
        await _authClient.DisposeAsync();
        await Auth.DisposeAsync();
        Supervisor.Dispose();
        await _frames;
        _child.Dispose();
        _directory.Dispose();
    }

    static string SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail.example.org", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }
}

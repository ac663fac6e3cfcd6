using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailServers.Smtp;
using MailServers.Smtp.Restrictions;
using Sasl.Hosting.Net;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace MailServers.Tests.Smtp;

/// <summary>An SMTP service in this process: real sockets to a queue and an auth server, a log to look at.</summary>
sealed class SmtpTestServer : IAsyncDisposable
{
    static readonly Lazy<string> _pem = new(MakeCertificate);

    public static string Pem => _pem.Value;

    readonly TemporaryDirectory _directory = new();
    readonly AuthClient? _auth;
    readonly CancellationTokenSource _stop = new();
    readonly List<Socket> _listeners = [];
    readonly List<Task> _acceptors = [];

    public SmtpTestServer(Func<SmtpSettings, SmtpSettings>? change = null, bool auth = false, bool tls = false, string? queuePath = null, string? authPath = null)
    {
        var settings = new SmtpSettings
        {
            HostName = "mail.example.com",
            Origin = "example.com",
            Banner = "mail.example.com ESMTP Postfix",
            Destinations = ["mail.example.com", "example.com", "localhost"],
            RelayDomains = ["relay.test"],
            MyNetworks = new NetworkList(["10.0.0.0/8"]),
            ErrorSleepTime = TimeSpan.Zero,
            SaslAuthEnable = auth || authPath is not null,
            TlsLevel = tls ? TlsLevel.May : TlsLevel.None,
        };
        settings = change?.Invoke(settings) ?? settings;
        Queue = new QueueStub(_directory["queue"]);
        if (auth)
        {
            Auth = new AuthStub(_directory["auth"]);
            _auth = new AuthClient(AuthAddress.TryParse(_directory["auth"])!);
        }
        else if (authPath is not null)
        {
            _auth = new AuthClient(AuthAddress.TryParse(authPath)!);
        }
        Server = new SmtpServer(settings, new QueueClient(queuePath ?? _directory["queue"], "mail.example.com", TimeSpan.FromSeconds(20)), new DomainStub(), Log, TimeProvider.System)
        {
            Sasl = _auth is null ? null : new SaslServer(_auth, _directory["auth"], settings, Log),
            Tls = tls ? ServerTls.FromPem(_pem.Value, _pem.Value) : null,
        };
    }

    public SmtpServer Server { get; }

    public QueueStub Queue { get; private set; }

    public AuthStub? Auth { get; private set; }

    public CapturedLog Log { get; } = new();

    public ClientIdentity Client { get; set; } = new("client.example.net", IPAddress.Parse("192.0.2.1"), 4711);

    public QueuedMail LastMail => Queue.Mails.Last();

    public Task PlayAsync(string script) => Dialogue.PlayAsync(ServeAsync, script);

    public Task PlayAsync(string script, Pace pace) => Dialogue.PlayAsync(ServeAsync, script, pace);

    public async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        await using var connection = new Connection(socket);
        await new SmtpSession(Server, connection, Client).RunAsync(stop);
    }

    /// <summary>A port on loopback for real clients; who they are is what <see cref="Client"/> says.</summary>
    public int Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        _listeners.Add(listener);
        _acceptors.Add(new Acceptor(listener, 1000, ServeAsync).RunAsync(_stop.Token));
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    public void StopAuth()
    {
        Auth?.Dispose();
        File.Delete(_directory["auth"]);
    }

    public void RestartAuth() => Auth = new AuthStub(_directory["auth"]);

    public void StopQueue()
    {
        Queue.Dispose();
        File.Delete(_directory["queue"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var listener in _listeners)
            listener.Dispose();
        await Task.WhenAll(_acceptors).WaitAsync(TimeSpan.FromSeconds(20));
        Queue.Dispose();
        Auth?.Dispose();
        if (_auth is not null)
            await _auth.DisposeAsync();
        _directory.Dispose();
    }

    static string MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail.example.com", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem();
    }
}

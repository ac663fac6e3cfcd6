using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MailKit.Security;
using MailServers.Login;
using MailServers.Login.Imap;
using MailServers.Tests.Smtp;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Testing;
using Xunit.Abstractions;

namespace MailServers.Tests.Login;

/// <summary>The house's own auth server as a process, with SCRAM that is bound to the client's TLS and without.</summary>
public sealed class BoundAuthServer : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    Process? _server;

    public string Socket => _directory["client"];

    static string Program(string name) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, $"../../../../../src/{name}/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/{name}.dll"));

    public async Task InitializeAsync()
    {
        var secrets = new Sasldb(_directory["secrets.db"]);
        secrets.Create();
        secrets.Set("alice", "", Sasldb.PasswordKind, "{PLAIN}secret");
        await File.WriteAllTextAsync(_directory["dovecot.conf"], $$"""
            auth_mechanisms = scram-sha-256-plus scram-sha-256 plain
            auth_failure_delay = 0
            auth_verbose = yes
            auth_state_dir = {{_directory["state"]}}
            ssl = no
            passdb {
              driver = sasldb
              args = {{_directory["secrets.db"]}}
            }
            """);
        if (Identity.IsRoot)
        {
            var nobody = Accounts.Find("nobody")!;
            File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1C9);
            Files.ChangeOwner(_directory["secrets.db"], nobody.Uid, nobody.Gid);
        }
        _server = Process.Start("dotnet", [Program("authserver"), "-c", _directory.Path, "-u", "nobody", "--listen", $"login:{Socket}:666"]);
        await Eventually.TrueAsync(() => File.Exists(Socket) || _server.HasExited, "the auth server listens", TimeSpan.FromSeconds(60));
        Assert.False(_server.HasExited);
    }

    public async Task DisposeAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _directory.Dispose();
    }
}

/// <summary>SCRAM-SHA-256-PLUS through our front ends: the auth server asks them for what they see of the client's TLS.</summary>
public sealed class BoundLoginTests(BoundAuthServer auth, ITestOutputHelper output) : IClassFixture<BoundAuthServer>
{
    const string Gsasl = "/usr/bin/gsasl", Plus = "SCRAM-SHA-256-PLUS";

    async Task<string> GsaslAsync(int port, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Gsasl, ["--x509-ca-file=", "-a", "alice", $"--connect=127.0.0.1:{port}", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60)) + await errors;
        await process.WaitForExitAsync();
        output.WriteLine(said);
        return said;
    }

    static bool IsOurs(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        shown is X509Certificate2 certificate && SmtpTestServer.Pem.StartsWith(certificate.ExportCertificatePem(), StringComparison.Ordinal);

    SmtpTestServer Smtpd(SslProtocols protocols = SslProtocols.Tls12 | SslProtocols.Tls13)
    {
        var server = new SmtpTestServer(s => s with { SaslTlsSecurityOptions = ["noanonymous"] }, tls: true, authPath: auth.Socket);
        server.Server.Tls!.EnabledSslProtocols = protocols;
        return server;
    }

    // gsasl binds to tls-exporter on TLS 1.3 and to tls-unique on 1.2.
    [RequiresTheory(program: Gsasl)]
    [InlineData(SslProtocols.Tls13, "secret", true)]
    [InlineData(SslProtocols.Tls13, "wrong", false)]
    [InlineData(SslProtocols.Tls12, "secret", true)]
    [InlineData(SslProtocols.Tls12, "wrong", false)]
    public async Task Gsasl_is_bound_to_the_tls_of_our_smtpd(SslProtocols protocols, string password, bool isIn)
    {
        await using var server = Smtpd(protocols);
        var said = await GsaslAsync(server.Listen(), "--smtp", "--starttls", "-m", Plus, "-p", password);
        Assert.Equal(isIn, said.Contains("\n235 ", StringComparison.Ordinal));
        Assert.Equal(!isIn, said.Contains("\n535 ", StringComparison.Ordinal));
        Assert.Contains("AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN", said);
    }

    [RequiresTheory(program: Gsasl)]
    [InlineData(SslProtocols.Tls13)]
    [InlineData(SslProtocols.Tls12)]
    public async Task Gsasl_is_bound_to_the_tls_of_our_imap_login(SslProtocols protocols)
    {
        using var directory = new TemporaryDirectory();
        await using var client = new AuthClient(AuthAddress.TryParse(auth.Socket)!);
        using var supervisor = new SupervisorStub(directory["supervisor"], async (request, socket) =>
        {
            await using var worker = new Connection(socket, request.Leftover);
            worker.WriteLine($"{request.Tag} OK Logged in");
            await worker.FlushAsync();
            while (await worker.Reader.ReadLineAsync(1000) is { IsComplete: true } line && !line.ToString().Contains("LOGOUT"))
            {
            }
            worker.WriteLine("* BYE\r\n. OK bye");
            await worker.FlushAsync();
        });
        using var child = await supervisor.ConnectAsync();
        _ = child.RunAsync();
        var tls = ServerTls.FromPem(LoginHouse.Pem, LoginHouse.Pem);
        tls.EnabledSslProtocols = protocols;
        var log = new LogLines();
        var server = new LoginServer(new LoginHost(new ImapDialect(), LoginHouse.Open, tls, client, child, log));
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var stop = new CancellationTokenSource();
        _ = new Acceptor(listener, 10, (socket, s) => server.ServeAsync(socket, LoginPeer.Of(socket), false, s)).RunAsync(stop.Token);
        var said = await GsaslAsync(((IPEndPoint)listener.LocalEndPoint!).Port, "--imap", "--starttls", "-m", Plus, "-p", "secret");
        Assert.Contains(". OK Logged in", said);
        Assert.Contains("AUTH=SCRAM-SHA-256-PLUS", said);
        Assert.StartsWith($"Login: user=<alice>, method={Plus}", log.All[0]);
        await stop.CancelAsync();
    }

    // MailKit binds to tls-server-end-point.
    [Theory]
    [InlineData("secret", true)]
    [InlineData("wrong", false)]
    public async Task MailKit_is_bound_to_the_tls_of_our_smtpd(string password, bool isIn)
    {
        await using var server = Smtpd();
        using var client = new SmtpClient { ServerCertificateValidationCallback = IsOurs };
        await client.ConnectAsync("127.0.0.1", server.Listen(), SecureSocketOptions.StartTls);
        Assert.Contains(Plus, client.AuthenticationMechanisms);
        var login = client.AuthenticateAsync(new SaslMechanismScramSha256Plus("alice", password));
        if (isIn)
            await login;
        else
            await Assert.ThrowsAsync<MailKit.Security.AuthenticationException>(() => login);
    }

    [Fact]
    public async Task Without_tls_nothing_that_is_bound_to_it_is_offered_or_taken()
    {
        await using var server = new SmtpTestServer(authPath: auth.Socket);
        await server.PlayAsync("""
            S: 220 *
            C: EHLO me
            S: 250-mail.example.com
            S: 250-PIPELINING
            S: 250-SIZE *
            S: 250-VRFY
            S: 250-AUTH SCRAM-SHA-256 PLAIN
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250-DSN
            S: 250 CHUNKING
            C: AUTH SCRAM-SHA-256-PLUS cD10bHMtZXhwb3J0ZXIsLG49YWxpY2Uscj1hYmM=
            S: 535 *Invalid authentication mechanism*
            """);
    }

    // RFC 5802 §6: "y" says that the server offered no -PLUS. It did; so somebody between them took it out.
    [Theory]
    [InlineData(true, "535 ")]
    [InlineData(false, "334 ")]
    public async Task Attack_channel_binding_downgrade_a_client_that_saw_no_bound_mechanism_is_refused_where_one_was_offered(bool isOffered, string answer)
    {
        await using var server = new SmtpTestServer(s => isOffered ? s : s with { SaslMechanismFilter = ["SCRAM-SHA-256", "PLAIN"] }, tls: true, authPath: auth.Socket);
        using var client = new TcpClient("127.0.0.1", server.Listen());
        async Task<string> SayAsync(Stream stream, string line)
        {
            if (line.Length > 0)
                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(line + "\r\n"));
            var reply = "";
            var one = new byte[1];
            while (!(reply.EndsWith('\n') && reply.Split('\n')[^2][3] == ' '))
            {
                Assert.Equal(1, await stream.ReadAsync(one).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
                reply += (char)one[0];
            }
            return reply;
        }
        foreach (var line in (string[])["", "EHLO me", "STARTTLS"])
            await SayAsync(client.GetStream(), line);
        await using var tls = new SslStream(client.GetStream(), false, IsOurs);
        await tls.AuthenticateAsClientAsync("mail.example.com");
        Assert.Equal(isOffered, (await SayAsync(tls, "EHLO me")).Contains(Plus, StringComparison.Ordinal));
        Assert.StartsWith(answer, await SayAsync(tls, $"AUTH SCRAM-SHA-256 {Convert.ToBase64String("y,,n=alice,r=abcdefgh"u8)}"));
    }
}

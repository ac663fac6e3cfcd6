using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MailKit.Net.Pop3;
using MailKit.Security;
using MailServers.Login;
using MailServers.Login.Imap;
using MailServers.Login.Pop3;
using MailServers.Pop3;
using MailServers.Tests.Pop3;
using Sasl.Protocols.Supervision;
using Testing;

namespace MailServers.Tests.Login;

/// <summary>The composed front ends on real ports, fed by a supervision channel; POP3 with a real Maildir behind them and real clients before them.</summary>
public sealed class LoginServiceTests
{
    const string Message = "From: a@example.org\r\nSubject: hello\r\n\r\nline 1\r\n.dot\r\n..\r\n";

    /// <summary>A front end with two listeners; runs until it is drained.</summary>
    sealed class Service : IAsyncDisposable
    {
        readonly TemporaryDirectory _directory = new();
        readonly AuthStub _auth;
        readonly SupervisorStub _supervisor;
        readonly SupervisedChild _child;

        public Service(ILoginDialect dialect, string conf, Func<HandOffRequest, Socket, Task> worker, bool tls = true)
        {
            _auth = new AuthStub(_directory["auth"]);
            _supervisor = new SupervisorStub(_directory["supervisor"], worker);
            Socket plain = Listen(), implicitTls = Listen();
            (Port, TlsPort) = (((IPEndPoint)plain.LocalEndPoint!).Port, ((IPEndPoint)implicitTls.LocalEndPoint!).Port);
            _child = _supervisor.ConnectAsync(
                tls ? [("dovecot.conf", conf), ("path:auth-client", _directory["auth"]), ("tls.pem", LoginHouse.Pem)] : [("dovecot.conf", conf), ("path:auth-client", _directory["auth"])],
                tls ? [("plain", plain), ("tls ssl=yes", implicitTls)] : [("plain", plain)]).GetAwaiter().GetResult();
            plain.Dispose();
            implicitTls.Dispose();
            Running = LoginService.RunAsync(dialect, _child, Log);
        }

        public int Port { get; }

        public int TlsPort { get; }

        public LogLines Log { get; } = new();

        public Task Running { get; }

        public async ValueTask DisposeAsync()
        {
            await _supervisor.DrainAsync();
            await Running.WaitAsync(TimeSpan.FromSeconds(30));
            await _auth.DisposeAsync();
            _supervisor.Dispose();
            _child.Dispose();
            _directory.Dispose();
        }

        static Socket Listen()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            socket.Listen();
            return socket;
        }
    }

    static Service Pop3(Pop3House house) => new(new Pop3Dialect(), "ssl=required\n", async (request, socket) =>
    {
        await using var connection = new Sasl.Hosting.Net.Connection(socket, request.Leftover);
        await Pop3Session.RunAsync(connection, house.Store, new("alice", request.Session), new(), house.Log, default);
    });

    static Pop3Client MailKitClient()
    {
        var client = new Pop3Client();
        client.ServerCertificateValidationCallback = static (_, shown, _, _) => shown is System.Security.Cryptography.X509Certificates.X509Certificate2 c
            && LoginHouse.Pem.StartsWith(c.ExportCertificatePem(), StringComparison.Ordinal);
        return client;
    }

    [Theory]
    [InlineData(SecureSocketOptions.SslOnConnect)]
    [InlineData(SecureSocketOptions.StartTls)]
    [InlineData(SecureSocketOptions.None)]
    public async Task MailKit_reads_and_deletes_mail_over_POP3(SecureSocketOptions security)
    {
        using var house = new Pop3House(Message, Message + "second\r\n");
        await using var service = Pop3(house);
        using (var client = MailKitClient())
        {
            await client.ConnectAsync("127.0.0.1", security == SecureSocketOptions.SslOnConnect ? service.TlsPort : service.Port, security);
            await client.AuthenticateAsync("alice", "secret");
            Assert.Equal(2, client.Count);
            Assert.Equal(Message.Length, await client.GetMessageSizeAsync(0));
            Assert.Equal(2, (await client.GetMessageUidsAsync()).Distinct().Count());
            Assert.Equal("hello", (await client.GetMessageHeadersAsync(0))["Subject"]);
            var text = new MemoryStream();
            await (await client.GetStreamAsync(0)).CopyToAsync(text);
            Assert.Equal(Message, Encoding.ASCII.GetString(text.ToArray()));
            await client.DeleteMessageAsync(0);
            await client.DisconnectAsync(quit: true);
        }
        await Eventually.TrueAsync(() => house.Inbox() is [{ Uid: 2 }], "the deleted message is gone");
        // The front end writes its line beside the session that has begun already.
        await Eventually.TrueAsync(() => service.Log.All.Count > 0, "the login is logged");
        Assert.StartsWith($"Login: user=<alice>, method=PLAIN, rip=127.0.0.1, lip=127.0.0.1, mpid=99, {(security == SecureSocketOptions.None ? "secured" : "TLS")}, session=<", service.Log.All[0]);
    }

    [Fact]
    public async Task MailKit_hears_of_a_wrong_password_and_may_try_again()
    {
        using var house = new Pop3House(Message);
        await using var service = Pop3(house);
        using var client = MailKitClient();
        await client.ConnectAsync("127.0.0.1", service.TlsPort, SecureSocketOptions.SslOnConnect);
        await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsync("alice", "wrong"));
        await client.AuthenticateAsync("alice", "secret");
        Assert.Equal(1, client.Count);
        await client.DisconnectAsync(quit: true);
    }

    [InstalledTheory("/usr/bin/curl")]
    [InlineData("pop3://127.0.0.1:{0}/1", "--ssl-reqd")]
    [InlineData("pop3s://127.0.0.1:{1}/1", "--ssl")]
    [InlineData("pop3://127.0.0.1:{0}/1", "--tcp-nodelay")]
    public async Task Curl_retrieves_a_message(string url, string option)
    {
        using var house = new Pop3House(Message);
        await using var service = Pop3(house);
        var start = new ProcessStartInfo("/usr/bin/curl") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-sS", "-k", option, "--max-time", "30", "--user", "alice:secret", string.Format(null, url, service.Port, service.TlsPort)])
            start.ArgumentList.Add(argument);
        using var curl = Process.Start(start)!;
        var output = curl.StandardOutput.ReadToEndAsync();
        var error = await curl.StandardError.ReadToEndAsync();
        Assert.Equal(Message, await output);
        await curl.WaitForExitAsync();
        Assert.Equal("", error);
    }

    [Fact]
    public async Task Imap_login_composes_from_the_configuration()
    {
        await using var service = new Service(new ImapDialect(), "login_greeting=Hello there.\nlogin_trusted_networks=127.0.0.0/8\n", SupervisorStub.EchoAsync, tls: false);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, service.Port);
        using var stream = new NetworkStream(socket);
        await Dialogue.PlayAsync(stream, """
            S: * OK [CAPABILITY IMAP4rev1 SASL-IR ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=ECHO] Hello there.
            C: a LOGIN alice secret
            S: a OK Logged in
            C: bye
            S: worker: bye
            S: [closed]
            """, Pace.Whole);
    }

    [Fact]
    public async Task The_last_words_arrive_although_the_client_sent_more_than_was_read()
    {
        await using var service = new Service(new ImapDialect(), "", SupervisorStub.EchoAsync, tls: false);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, service.Port);
        using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("x\r\ny\r\nz\r\n" + new string('w', 40000)));
        // A reset would throw what has arrived away; wait until the server has closed its side before looking.
        await Eventually.TrueAsync(() => service.Log.All.Count == 1, "the server gives the client up");
        await Dialogue.PlayAsync(stream, "S: * OK *\nS: * BAD *\nS: * BAD *\nS: * BYE Too many invalid IMAP commands.\nS: [closed]", Pace.Whole);
    }

    [Fact]
    public async Task A_trusted_network_that_is_none_refuses_the_start()
    {
        var service = new Service(new ImapDialect(), "login_trusted_networks=everybody\n", SupervisorStub.EchoAsync);
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => service.Running);
        Assert.Contains("\"everybody\" is not a network", refusal.Message);
    }

    [Fact]
    public async Task Hundred_silent_TLS_clients_hold_up_nobody()
    {
        await using var service = new Service(new ImapDialect(), "", SupervisorStub.EchoAsync);
        var silent = Enumerable.Range(0, 100).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToArray();
        foreach (var socket in silent)
            await socket.ConnectAsync(IPAddress.Loopback, service.TlsPort);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, service.TlsPort);
        await using var tls = await LoginHouse.HandshakeAsync(client);
        await Dialogue.PlayAsync(tls, "S: * OK *\nC: a LOGIN alice secret\nS: a OK Logged in\nC: bye\nS: worker: bye", Pace.Whole);
        foreach (var socket in silent)
            socket.Dispose();
        await Eventually.TrueAsync(() => service.Log.All.Count(l => l.StartsWith("Disconnected (no auth attempts", StringComparison.Ordinal)) == 100, "every silent client leaves its line");
    }
}

/// <summary>As <see cref="InstalledFactAttribute"/>, for theories.</summary>
sealed class InstalledTheoryAttribute : TheoryAttribute
{
    public InstalledTheoryAttribute(string program)
    {
        if (!File.Exists(program))
            Skip = $"{program} is not installed";
    }
}

using System.Diagnostics;
using System.Text;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using Testing;
using Xunit.Abstractions;

namespace AuthServer.Tests;

/// <summary>The program itself, with a dovecot.conf, and other people's clients on its sockets.</summary>
public sealed class RealPeerTests(ITestOutputHelper output) : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    Process? _server;

    string ClientSocket => _directory["s/auth-client"];

    public async Task InitializeAsync()
    {
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1ED);
        Directory.CreateDirectory(_directory["s"]);
        var secrets = new Sasldb(_directory["secrets.db"]);
        secrets.Create();
        secrets.Set("alice", "", Sasldb.PasswordKind, "{PLAIN}wonderland");
        if (Identity.IsRoot)
            Files.ChangeOwner(secrets.Path, Accounts.Find("nobody")!.Uid, Accounts.Find("nobody")!.Gid);
        File.WriteAllText(_directory["dovecot.conf"], $$"""
            protocols =
            ssl = no
            base_dir = {{_directory["s"]}}
            auth_mechanisms = plain login
            auth_verbose = yes
            auth_failure_delay = 0
            passdb {
              driver = sasldb
              args = {{secrets.Path}}
            }
            userdb {
              driver = static
              args = uid=1234 gid=1235 home=/home/%u
            }
            """);
        string[] arguments = ["-c", _directory.Path, "-u", "nobody"];
        _server = Process.Start(new ProcessStartInfo("dotnet", [typeof(AuthServerLog).Assembly.Location, .. arguments]) { RedirectStandardError = true })!;
        _server.ErrorDataReceived += (_, line) => _log.AppendLine(line.Data);
        _server.BeginErrorReadLine();
        await Eventually.TrueAsync(() => File.Exists(_directory["s/auth-userdb"]), "the sockets of service auth are bound");
    }

    readonly StringBuilder _log = new();

    public async Task DisposeAsync()
    {
        Process.Start("/bin/kill", [_server!.Id.ToString()]).WaitForExit();
        await _server.WaitForExitAsync();
        Assert.Equal(0, _server.ExitCode);
        _server.Dispose();
        _directory.Dispose();
    }

    bool Skipped(string program)
    {
        if (File.Exists(program))
            return false;
        output.WriteLine($"skipped: {program} is not installed");
        return true;
    }

    async Task<(int ExitCode, string Output)> RunAsync(string program, string? input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        })!;
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        output.WriteLine(text);
        return (process.ExitCode, text);
    }

    [Theory]
    [InlineData("wonderland", 0, "passdb: alice auth succeeded")]
    [InlineData("wrong", 77, "passdb: alice auth failed")]
    public async Task Doveadm_auth_test(string password, int exit, string said)
    {
        if (Skipped("/usr/bin/doveadm"))
            return;
        var (code, text) = await RunAsync("/usr/bin/doveadm", null, "-c", "/dev/null", "auth", "test", "-a", ClientSocket, "alice", password);
        Assert.Equal(exit, code);
        Assert.Contains(said, text);
    }

    [Fact]
    public async Task Doveadm_user()
    {
        if (Skipped("/usr/bin/doveadm"))
            return;
        var (code, text) = await RunAsync("/usr/bin/doveadm", null, "-c", "/dev/null", "-o", $"auth_socket_path={_directory["s/auth-userdb"]}", "user", "alice");
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^uid\s+1234$", text);
        Assert.Matches(@"(?m)^home\s+/home/alice$", text);
    }

    // Exim speaks SMTP on its standard input with -bs; its dovecot authenticator then talks to our socket.
    [Fact]
    public async Task Exim_authenticates_its_clients()
    {
        if (Skipped("/usr/sbin/exim4"))
            return;
        File.WriteAllText(_directory["exim.conf"], $"""
            primary_hostname = test.example
            spool_directory = {_directory["spool"]}
            log_file_path = {_directory["%slog"]}
            acl_smtp_auth = accept
            auth_advertise_hosts = *
            begin authenticators
            dovecot_plain:
              driver = dovecot
              public_name = PLAIN
              server_socket = {ClientSocket}
              server_set_id = $auth1
            dovecot_login:
              driver = dovecot
              public_name = LOGIN
              server_socket = {ClientSocket}
              server_set_id = $auth1

            """);
        if (Identity.IsRoot)
            File.SetUnixFileMode(ClientSocket, (UnixFileMode)0x1B6);
        var dialogue = $"EHLO me\r\nAUTH PLAIN {TestServer.Wrong}\r\nAUTH LOGIN\r\nYWxpY2U=\r\nd29uZGVybGFuZA==\r\nQUIT\r\n";
        var (_, text) = await RunAsync("/usr/sbin/exim4", dialogue, "-C", _directory["exim.conf"], "-bs", "-oMa", "192.0.2.1");
        Assert.Matches("(?s)535 .*334 VXNlcm5hbWU6\r?\n334 UGFzc3dvcmQ6\r?\n235 ", text);
    }

    // A whole Postfix with a configuration and a queue of its own; only its smtpd is of interest.
    [Fact]
    public async Task Postfix_authenticates_its_clients()
    {
        if (Skipped("/usr/sbin/postfix"))
            return;
        if (!Identity.IsRoot)
        {
            output.WriteLine("skipped: postfix starts as root only");
            return;
        }
        var port = FreePort();
        foreach (var name in (string[])["c", "q", "d"])
            Directory.CreateDirectory(_directory[name]);
        var owner = Accounts.Find("postfix")!;
        Files.ChangeOwner(_directory["d"], owner.Uid, owner.Gid);
        File.SetUnixFileMode(ClientSocket, (UnixFileMode)0x1B6);
        File.WriteAllText(_directory["c/main.cf"], $"""
            compatibility_level = 3.6
            queue_directory = {_directory["q"]}
            data_directory = {_directory["d"]}
            inet_interfaces = 127.0.0.1
            mynetworks_style = host
            myhostname = test.example
            local_recipient_maps =
            alias_maps =
            maillog_file = /dev/stdout
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = dovecot
            smtpd_sasl_path = {ClientSocket}
            smtpd_relay_restrictions = permit_sasl_authenticated, reject
            smtpd_peername_lookup = no

            """);
        File.WriteAllText(_directory["c/master.cf"], $"""
            127.0.0.1:{port} inet n - n - - smtpd
            anvil unix - - n - 1 anvil
            rewrite unix - - n - - trivial-rewrite
            postlog unix-dgram n - n - 1 postlogd

            """);
        using var postfix = Process.Start(new ProcessStartInfo("/usr/sbin/postfix", ["-c", _directory["c"], "start-fg"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        postfix.OutputDataReceived += (_, line) => _log.AppendLine(line.Data);
        postfix.BeginOutputReadLine();
        try
        {
            using var client = await ConnectAsync(port);
            await Dialogue.PlayAsync(client.GetStream(), $"""
                S: 220 *
                C: EHLO me
                S: 250-*
                S: 250-PIPELINING
                S: 250-SIZE *
                S: 250-VRFY
                S: 250-ETRN
                S: 250-AUTH PLAIN LOGIN
                S: 250-ENHANCEDSTATUSCODES
                S: 250-8BITMIME
                S: 250-DSN
                S: 250-SMTPUTF8
                S: 250 CHUNKING
                C: AUTH PLAIN {TestServer.Wrong}
                S: 535 5.7.8 Error: authentication failed: *
                C: AUTH PLAIN ====
                S: 535 5.7.8 Error: authentication failed: Invalid base64 data in initial response
                C: AUTH LOGIN
                S: 334 VXNlcm5hbWU6
                C: *
                S: 501 5.7.0 Authentication aborted
                C: AUTH PLAIN
                S: 334*
                C: {TestServer.Right}
                S: 235 2.7.0 Authentication successful
                C: QUIT
                S: 221 *
                """, Pace.ByLine);
        }
        finally
        {
            output.WriteLine(_log.ToString());
            Process.Start("/usr/sbin/postfix", ["-c", _directory["c"], "stop"]).WaitForExit();
            await postfix.WaitForExitAsync();
        }
    }

    static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }

    static async Task<System.Net.Sockets.TcpClient> ConnectAsync(int port)
    {
        var client = new System.Net.Sockets.TcpClient();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await client.ConnectAsync("127.0.0.1", port);
                return true;
            }
            catch (System.Net.Sockets.SocketException)
            {
                client.Dispose();
                client = new();
                return false;
            }
        }, "postfix listens");
        return client;
    }
}

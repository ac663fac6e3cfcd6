using System.Diagnostics;
using System.Net.Sockets;
using Sasl.Hosting.Unix;
using Testing;
using Xunit.Abstractions;

namespace AuthServer.Tests.Peers;

/// <summary>
/// A real Dovecot whose own auth service has no sockets: its imap-login, imap and lmtp find ours in their places. The whole login: AUTH on the
/// login socket, REQUEST with pid, id and cookie on the master socket, USER on the userdb socket.
/// </summary>
public sealed class DovecotTests(ITestOutputHelper output) : IAsyncLifetime
{
    const string Dovecot = "/usr/sbin/dovecot";

    readonly RunningServer _server = new(null,
        "--listen", "login:{dir}/d/login/login:666", "--listen", "master:{dir}/d/auth-master:600", "--listen", "userdb:{dir}/d/auth-userdb:600");

    readonly int _port = FreePort();
    Process? _dovecot;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Dovecot) || !Identity.IsRoot)
            return;
        Directory.CreateDirectory(_server["home"]);
        Directory.CreateDirectory(_server["home/alice"]);
        Files.ChangeOwner(_server["home/alice"], 1234, 1235);
        File.WriteAllText(_server["theirs.conf"], $$"""
            base_dir = {{_server["d"]}}
            state_dir = {{_server["state"]}}
            log_path = {{_server["log"]}}
            instance_name = auth-test-{{Environment.ProcessId}}
            protocols = imap lmtp
            listen = 127.0.0.1
            ssl = no
            disable_plaintext_auth = no
            first_valid_uid = 1
            mail_location = maildir:~/Maildir
            passdb {
              driver = static
              args = password=not-asked
            }
            userdb {
              driver = static
              args = uid=65534 gid=65534 home=/nonexistent
            }
            service auth {
              unix_listener login/login {
                mode = 0
              }
              unix_listener auth-login {
                mode = 0
              }
              unix_listener auth-master {
                mode = 0
              }
              unix_listener auth-userdb {
                mode = 0
              }
              unix_listener auth-client {
                mode = 0
              }
            }
            service imap-login {
              inet_listener imap {
                port = {{_port}}
              }
              inet_listener imaps {
                port = 0
              }
            }
            """);
        _dovecot = Process.Start(new ProcessStartInfo(Dovecot, ["-F", "-c", _server["theirs.conf"]]) { RedirectStandardError = true })!;
        await Eventually.TrueAsync(() => _dovecot.HasExited || (Directory.Exists(_server["d/login"]) && File.Exists(_server["d/lmtp"])), "dovecot has made its directories");
        Assert.False(_dovecot.HasExited);
        await _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        output.WriteLine(_server.Log);
        if (File.Exists(_server["log"]))
            output.WriteLine(File.ReadAllText(_server["log"]));
        if (_dovecot is not null)
        {
            Process.Start("/bin/kill", [_dovecot.Id.ToString()]).WaitForExit();
            await _dovecot.WaitForExitAsync();
            _dovecot.Dispose();
        }
        await _server.DisposeAsync();
    }

    [RequiresFact(root: true, program: Dovecot)]
    public async Task Their_lmtp_asks_ours_where_mail_goes_and_their_imap_login_lets_its_owner_read_it()
    {
        using (var lmtp = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await lmtp.ConnectAsync(new UnixDomainSocketEndPoint(_server["d/lmtp"]));
            await Dialogue.PlayAsync(new NetworkStream(lmtp), """
                S: 220 *
                C: LHLO me
                S: 250-*
                S: 250-*
                S: 250-*
                S: 250-*
                S: 250 *
                C: MAIL FROM:<>
                S: 250 *
                C: RCPT TO:<"a;b">
                S: 550 5.1.1 *
                C: RCPT TO:<alice>
                S: 250 *
                C: DATA
                S: 354 *
                C: Subject: hello
                C:
                C: hello
                C: .
                S: 250 *
                C: QUIT
                S: 221 *
                """, Pace.ByLine);
        }
        using var imap = new TcpClient("127.0.0.1", _port);
        await Dialogue.PlayAsync(imap.GetStream(), $"""
            S: * OK *
            C: a LOGIN alice wrong
            S: a NO *
            C: b AUTHENTICATE PLAIN
            S: +*
            C: {TestServer.Right}
            S: b OK *Logged in
            C: c EXAMINE INBOX
            S: * FLAGS *
            S: * OK [PERMANENTFLAGS *
            S: * 1 EXISTS
            S: * 1 RECENT
            S: * OK [UNSEEN 1]*
            S: * OK [UIDVALIDITY *
            S: * OK [UIDNEXT 2]*
            S: c OK *
            C: d FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]
            S: * 1 FETCH *
            S: Subject: hello
            S:
            S: )
            S: d OK *
            C: e LOGOUT
            S: * BYE *
            S: e OK *
            """, Pace.ByLine);
        Assert.Equal((1234u, 1235u), (Files.Status(_server["home/alice/Maildir"])!.Value.Uid, Files.Status(_server["home/alice/Maildir"])!.Value.Gid));
    }

    static int FreePort()
    {
        using var socket = new TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }
}

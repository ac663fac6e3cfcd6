using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MailServers.Tests.Login;
using Sasl.Hosting.Unix;
using Testing;

namespace MailServers.Tests.Interop;

/// <summary>A test against Dovecot's whole daemon, whose processes want identities of their own.</summary>
public sealed class DaemonFactAttribute : FactAttribute
{
    public DaemonFactAttribute()
    {
        if (!Identity.IsRoot)
            Skip = "needs root: Dovecot's daemon starts its processes under several accounts";
    }
}

/// <summary>Debian's Dovecot with all its processes, on free ports. Every user exists and has the password "secret".</summary>
public sealed class DovecotDaemon : IAsyncLifetime
{
    // The mail's owner: nobody.
    const int Owner = 65534;

    readonly TemporaryDirectory _directory = new();
    Process? _process;

    public int Imap { get; } = FreePort();

    public int Pop3 { get; } = FreePort();

    public int Lmtp { get; } = FreePort();

    /// <summary>The same services once more where passwords in the clear are refused.</summary>
    public int StrictImap { get; } = FreePort();

    public int StrictPop3 { get; } = FreePort();

    public string Log => File.Exists(_directory["log"]) ? File.ReadAllText(_directory["log"]) : "";

    public string Maildir(string user) => _directory[$"mail/{user}/Maildir"];

    public async Task InitializeAsync()
    {
        if (!Identity.IsRoot)
            return;
        if (!File.Exists("/usr/sbin/dovecot"))
            throw new InvalidOperationException("this test needs Dovecot: apt-get install dovecot-imapd dovecot-pop3d dovecot-lmtpd");
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(_directory["mail"]);
        await File.WriteAllTextAsync(_directory["mail.pem"], LoginHouse.Pem);
        await File.WriteAllTextAsync(_directory["dovecot.conf"], $$"""
            protocols = imap pop3 lmtp
            listen = 127.0.0.1
            base_dir = {{_directory["run"]}}
            state_dir = {{_directory["state"]}}
            log_path = {{_directory["log"]}}
            mail_location = maildir:~/Maildir
            ssl = yes
            ssl_cert = <{{_directory["mail.pem"]}}
            ssl_key = <{{_directory["mail.pem"]}}
            auth_mechanisms = plain login
            auth_failure_delay = 0
            disable_plaintext_auth = no
            first_valid_uid = 1
            first_valid_gid = 1
            passdb {
              driver = static
              args = password=secret
            }
            userdb {
              driver = static
              args = uid={{Owner}} gid={{Owner}} home={{_directory["mail"]}}/%u allow_all_users=yes
            }
            namespace inbox {
              inbox = yes
              separator = .
            }
            # Refused passwords must not slow the next login down.
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            service imap-login {
              inet_listener imap {
                port = {{Imap}}
              }
              inet_listener imap-strict {
                port = {{StrictImap}}
                address = 127.0.0.3
              }
              inet_listener imaps {
                port = 0
              }
            }
            service pop3-login {
              inet_listener pop3 {
                port = {{Pop3}}
              }
              inet_listener pop3-strict {
                port = {{StrictPop3}}
                address = 127.0.0.3
              }
              inet_listener pop3s {
                port = 0
              }
            }
            service lmtp {
              inet_listener lmtp {
                port = {{Lmtp}}
              }
            }
            local 127.0.0.3 {
              disable_plaintext_auth = yes
            }

            """);
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/dovecot", ["-F", "-c", _directory["dovecot.conf"]]))!;
        await Eventually.TrueAsync(() => _process.HasExited || Listens(Imap) && Listens(Pop3) && Listens(Lmtp), "Dovecot listens", TimeSpan.FromSeconds(60));
        Assert.False(_process.HasExited, Log);
    }

    /// <summary>A connection from an address that is not the server's own, so that Dovecot does not take the line for a safe one.</summary>
    public static async Task<NetworkStream> ConnectAsync(int port, string address = "127.0.0.1")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await socket.ConnectAsync(IPAddress.Parse(address), port);
        return new(socket, ownsSocket: true);
    }

    /// <summary>Gives a user exactly these messages, all new, with LF as they are in files.</summary>
    public void Seed(string user, IReadOnlyList<string> messages)
    {
        if (Directory.Exists(Maildir(user)))
            Directory.Delete(Maildir(user), recursive: true);
        Mail.Seed(Maildir(user), messages);
        Process.Start("chown", ["-R", $"{Owner}:{Owner}", _directory["mail"]])!.WaitForExit();
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            Process.Start("kill", $"{_process.Id}")!.WaitForExit();
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            _process.Dispose();
        }
        _directory.Dispose();
    }

    static bool Listens(int port)
    {
        try
        {
            using var probe = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Any, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

using System.Net.Sockets;
using System.Text;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using SideBySide.Processes;

namespace SideBySide.Contenders;

/// <summary>The whole house with its published programs: supervisor, auth server, front ends, queue, workers.</summary>
sealed class House : IDisposable
{
    readonly Scratch _scratch = new();
    readonly string _binaries;
    Background? _supervisor;

    public House(string binaries, string saslauthdSocket)
    {
        _binaries = binaries;
        foreach (var name in new[] { "etc", "etc/sasl2", "spool", "base" })
            _scratch.Folder(name);
        _scratch.Folder("mail", BenchUsers.Uid, BenchUsers.Gid);
        var secrets = new Sasldb(_scratch["etc/secrets.db"]);
        secrets.Create();
        foreach (var user in BenchUsers.All)
            secrets.Set(user, "", Sasldb.PasswordKind, "{PLAIN}" + BenchUsers.Password);
        if (Identity.IsRoot)
            Files.ChangeOwner(secrets.Path, Accounts.Find("saslauth")!.Uid, Accounts.Find("saslauth")!.Gid);
        Background.Run(Path.Combine(binaries, "mailctl"), "certificate", "-o", _scratch["etc/mail.pem"], "mail.test.example", "localhost");
        _scratch.Write("etc/main.cf", $"""
            myhostname = mail.{BenchUsers.Domain}
            mydomain = {BenchUsers.Domain}
            mydestination = $myhostname, $mydomain
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mynetworks = 127.0.0.0/8
            home_mailbox = Maildir/
            alias_maps =
            queue_directory = {_scratch["spool"]}
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = cyrus
            smtpd_sasl_path = smtpd
            smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
            """);
        _scratch.Write("etc/master.cf", $"{Smtp} inet n - n - - smtpd\n{SmtpLogins} inet n - n - - smtpd\n  -o smtpd_sasl_type=dovecot\n  -o smtpd_sasl_path={AuthSocket}");
        _scratch.Write("etc/sasl2/smtpd.conf", $"pwcheck_method: saslauthd\nmech_list: PLAIN LOGIN\nsaslauthd_path: {saslauthdSocket}");
        _scratch.Write("etc/dovecot.conf", $$"""
            protocols = imap pop3 lmtp
            listen = 127.0.0.1
            base_dir = {{_scratch["base"]}}
            auth_state_dir = {{_scratch["state"]}}
            mail_location = maildir:~/Maildir
            ssl = yes
            ssl_cert = <{{_scratch["etc/mail.pem"]}}
            ssl_key = <{{_scratch["etc/mail.pem"]}}
            disable_plaintext_auth = no
            auth_mechanisms = plain login
            auth_failure_delay = 0
            first_valid_uid = {{(BenchUsers.Uid < 500 ? BenchUsers.Uid : 500)}}
            passdb {
              driver = sasldb
              args = {{secrets.Path}}
            }
            userdb {
              driver = static
              args = uid={{BenchUsers.Uid}} gid={{BenchUsers.Gid}} home={{_scratch["mail"]}}/%u allow_all_users=yes
            }
            service imap-login {
              inet_listener imap {
                port = {{Imap}}
              }
              inet_listener imaps {
                port = {{Patience.FreePort()}}
                ssl = yes
              }
            }
            service pop3-login {
              inet_listener pop3 {
                port = {{Pop3}}
              }
              inet_listener pop3s {
                port = {{Patience.FreePort()}}
                ssl = yes
              }
            }
            """);
    }

    public int Smtp { get; } = Patience.FreePort();

    /// <summary>Logins here are the auth server's own users.</summary>
    public int SmtpLogins { get; } = Patience.FreePort();

    public int Imap { get; } = Patience.FreePort();

    public int Pop3 { get; } = Patience.FreePort();

    public string AuthSocket => _scratch["base/auth-client"];

    /// <summary>The auth server of smtpd_sasl_type = cyrus, which asks saslauthd.</summary>
    public string SystemAuthSocket => _scratch["base/auth-smtpd"];

    public string Maildir(string user) => _scratch[$"mail/{user}/Maildir"];

    public ProcessTree Processes => new(_supervisor!.Pid);

    public string LogTail => string.Join('\n', File.ReadLines(_scratch["mail.log"]).TakeLast(20));

    /// <summary>Returns when READY=1 came: every child serves.</summary>
    public void Start()
    {
        var ready = _scratch["ready.sock"];
        File.Delete(ready);
        using var notify = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Patience.Limit.TotalMilliseconds };
        notify.Bind(new UnixDomainSocketEndPoint(ready));
        _supervisor = Background.Start(_scratch["mail.log"], new Dictionary<string, string> { ["NOTIFY_SOCKET"] = ready },
            Path.Combine(_binaries, "mailsupervisor"), "-c", _scratch["etc"], "--log=stderr");
        var buffer = new byte[256];
        var count = notify.Receive(buffer);
        if (!Encoding.ASCII.GetString(buffer, 0, count).StartsWith("READY=1", StringComparison.Ordinal))
            throw new BenchException($"the house did not start\n{LogTail}");
    }

    public void Stop()
    {
        _supervisor?.Dispose();
        _supervisor = null;
    }

    public void Dispose()
    {
        Stop();
        _scratch.Dispose();
    }
}

using SideBySide.Processes;

namespace SideBySide.Contenders;

/// <summary>Debian's Dovecot, as it comes, with the same users in a passwd-file and the same kind of mailboxes.</summary>
sealed class Dovecot : IDisposable
{
    public const string Program = "/usr/sbin/dovecot";

    readonly Scratch _scratch = new();
    Background? _master;

    public Dovecot()
    {
        _scratch.Folder("mail", BenchUsers.Uid, BenchUsers.Gid);
        _scratch.Write("users", string.Join('\n', BenchUsers.All.Select(u => $"{u}:{{PLAIN}}{BenchUsers.Password}")));
        Background.Run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=mail.test.example", "-days", "2",
            "-keyout", _scratch["key.pem"], "-out", _scratch["cert.pem"]);
        _scratch.Write("dovecot.conf", $$"""
            base_dir = {{_scratch["run"]}}
            state_dir = {{_scratch["state"]}}
            log_path = {{_scratch["log"]}}
            instance_name = bench-{{Environment.ProcessId}}
            protocols = imap pop3
            listen = 127.0.0.1
            mail_location = maildir:~/Maildir
            ssl = yes
            ssl_cert = <{{_scratch["cert.pem"]}}
            ssl_key = <{{_scratch["key.pem"]}}
            disable_plaintext_auth = no
            auth_mechanisms = plain login
            auth_failure_delay = 0
            passdb {
              driver = passwd-file
              args = {{_scratch["users"]}}
            }
            passdb {
              driver = shadow
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
              }
            }
            service pop3-login {
              inet_listener pop3 {
                port = {{Pop3}}
              }
              inet_listener pop3s {
                port = {{Patience.FreePort()}}
              }
            }
            service auth {
              unix_listener auth-client {
                mode = 0666
              }
            }
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            """);
    }

    public int Imap { get; } = Patience.FreePort();

    public int Pop3 { get; } = Patience.FreePort();

    public string AuthSocket => _scratch["run/auth-client"];

    public string Maildir(string user) => _scratch[$"mail/{user}/Maildir"];

    public ProcessTree Processes => new(_master!.Pid);

    public void Start() => _master = Background.Start(_scratch["output"], new Dictionary<string, string>(), Program, "-F", "-c", _scratch["dovecot.conf"]);

    public void Stop()
    {
        _master?.Dispose();
        _master = null;
    }

    public void Dispose()
    {
        Stop();
        _scratch.Dispose();
    }
}

using System.Security.Cryptography;
using System.Text;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Credentials.Tests.Remote.Peers;

/// <summary>Debian's Dovecot as an IMAP server, and as the one that Postfix asks. Its users have names and passwords of the awkward kinds.</summary>
sealed class Dovecot
{
    public const string Program = "/usr/sbin/dovecot";

    static readonly Lazy<Task<Dovecot>> _started = new(() => Task.Run(StartAsync));

    /// <summary>Who is there, with the password's bytes.</summary>
    public static IReadOnlyDictionary<string, byte[]> Users { get; } = new Dictionary<string, byte[]>
    {
        ["alice"] = "geheim"u8.ToArray(),
        ["qu\"o\\te"] = "\"\\{5}"u8.ToArray(),
        ["jürgen"] = "pässwörd"u8.ToArray(),
        ["latin"] = [0xE9, 0xFF, 0x80],
        // Debian's takes no longer ones.
        ["long"] = Encoding.ASCII.GetBytes(new string('x', 3000) + new string('y', 3000)),
    };

    public required int Port { get; init; }

    public required int TlsPort { get; init; }

    /// <summary>Its auth socket.</summary>
    public required string AuthSocket { get; init; }

    public static Task<Dovecot> GetAsync() => _started.Value;

    static async Task<Dovecot> StartAsync()
    {
        var directory = LocalServer.MakeDirectory();
        var (port, tlsPort) = (RunningPostfix.FreePort(), RunningPostfix.FreePort());
        Directory.CreateDirectory($"{directory}/mail");
        Files.ChangeOwner($"{directory}/mail", 65534, 65534);
        await Authority.Ours.WriteServerAsync($"{directory}/server.pem");
        await File.WriteAllTextAsync($"{directory}/users", string.Concat(Users.Select(u => $"{Stored(u.Key)}:{{SHA256}}{Convert.ToBase64String(SHA256.HashData(u.Value))}\n")));
        await File.WriteAllTextAsync($"{directory}/dovecot.conf", $$"""
            protocols = imap
            listen = 127.0.0.1
            base_dir = {{directory}}/run
            state_dir = {{directory}}/state
            log_path = {{directory}}/log
            mail_location = maildir:~/Maildir
            ssl = yes
            ssl_cert = <{{directory}}/server.pem
            ssl_key = <{{directory}}/server.pem
            auth_mechanisms = plain login
            auth_username_chars =
            auth_username_format = %u
            auth_failure_delay = 0
            first_valid_uid = 1
            first_valid_gid = 1
            passdb {
              driver = passwd-file
              args = username_format=%u {{directory}}/users
            }
            userdb {
              driver = static
              args = uid=65534 gid=65534 home={{directory}}/mail allow_all_users=yes
            }
            # Refused passwords must not slow the next login down.
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            service auth {
              unix_listener {{directory}}/auth {
                mode = 0666
              }
            }
            service imap-login {
              inet_listener imap {
                port = {{port}}
              }
              inet_listener imaps {
                port = {{tlsPort}}
              }
            }

            """);
        await LocalServer.StartAsync(directory, [Program, "-F", "-c", $"{directory}/dovecot.conf"], port, tlsPort);
        return new() { Port = port, TlsPort = tlsPort, AuthSocket = $"{directory}/auth" };
    }

    /// <summary>It looks a name up in the form in which it would write it into a string.</summary>
    static string Stored(string user) => user.Replace("\\", "\\\\").Replace("\"", "\\\"");
}

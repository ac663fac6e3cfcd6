using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Interop.Tests.Wire;
using Sasl.Mechanisms;
using Testing;

namespace Interop.Tests.Peers;

/// <summary>Debian's Dovecot as an IMAP server.</summary>
sealed class DovecotServer : ServerPeer
{
    static readonly byte[] _tokenKey = RandomNumberGenerator.GetBytes(32);

    public static readonly DovecotServer Instance = new();

    static readonly Lazy<Task<int>> _port = new(() => Task.Run(StartAsync));

    public override string Name => "Dovecot";

    public override string Evidence => "CAPABILITY after STARTTLS, with auth_mechanisms of all that it has (OTP wants a database of its own)";

    /// <summary>A JSON web token, which Dovecot checks by itself.</summary>
    public override string Token { get; } = MakeToken();

    protected override async Task<string> AskVersionAsync() => (await LineProgram.RunAsync("dovecot", "--version")).Split(' ')[0];

    protected override async Task<IReadOnlySet<string>> AskMechanismsAsync()
    {
        await using var connection = await MailConnection.ConnectAsync(isImap: true, await _port.Value, startTls: true);
        return connection.Mechanisms.ToHashSet();
    }

    public override async Task<IServerDialogue> StartAsync(Login login) =>
        await MailConnection.ConnectAsync(isImap: true, await _port.Value, startTls: true, certificate: login.Mechanism == "EXTERNAL" ? Certificates.Alice : null);

    static async Task<int> StartAsync()
    {
        var place = await KerberosPlace.AskAsync();
        var directory = Daemon.MakeDirectory();
        var port = RunningPostfix.FreePort();
        Directory.CreateDirectory($"{directory}/mail");
        await Certificates.WriteAsync(Certificates.Server, $"{directory}/mail.pem");
        await File.WriteAllTextAsync($"{directory}/ca.pem", Certificates.Authority.ExportCertificatePem());
        Directory.CreateDirectory($"{directory}/keys/default/HS256");
        await File.WriteAllTextAsync($"{directory}/keys/default/HS256/default", Convert.ToBase64String(_tokenKey));
        await File.WriteAllTextAsync($"{directory}/oauth2.conf", $"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={directory}/keys/\nusername_attribute = sub\n");
        await File.WriteAllTextAsync($"{directory}/users", $$"""
            alice:{PLAIN}{{Login.Right}}
            stored1:{{Stored("SCRAM-SHA-1")}}
            stored256:{{Stored("SCRAM-SHA-256")}}

            """);
        await File.WriteAllTextAsync($"{directory}/dovecot.conf", $$"""
            protocols = imap
            listen = 127.0.0.1
            base_dir = {{directory}}/run
            state_dir = {{directory}}/state
            log_path = {{directory}}/log
            mail_location = maildir:~/Maildir
            ssl = yes
            ssl_cert = <{{directory}}/mail.pem
            ssl_key = <{{directory}}/mail.pem
            auth_mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 anonymous external oauthbearer xoauth2 gssapi gss-spnego
            auth_krb5_keytab = {{place.Keytab}}
            auth_gssapi_hostname = {{KerberosPlace.Host}}
            auth_username_format = %n
            import_environment = KRB5_CONFIG
            auth_failure_delay = 0
            auth_verbose = yes
            first_valid_uid = 1
            first_valid_gid = 1
            ssl_ca = <{{directory}}/ca.pem
            ssl_verify_client_cert = yes
            ssl_require_crl = no
            ssl_cert_username_field = commonName
            auth_ssl_username_from_cert = yes
            passdb {
              driver = static
              mechanisms = external gssapi gss-spnego
              args = nopassword
            }
            passdb {
              driver = oauth2
              mechanisms = oauthbearer xoauth2
              args = {{directory}}/oauth2.conf
            }
            passdb {
              driver = passwd-file
              mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256
              args = {{directory}}/users
            }
            userdb {
              driver = static
              args = uid=65534 gid=65534 home={{directory}}/mail/%u allow_all_users=yes
            }
            # Refused passwords must not slow the next login down.
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            # The keytab is root's.
            service auth {
              user = root
            }
            service imap-login {
              inet_listener imap {
                port = {{port}}
              }
              inet_listener imaps {
                port = 0
              }
            }

            """);
        await LineProgram.RunAsync("chown", "65534", $"{directory}/mail");
        await new Daemon(directory, "env", $"KRB5_CONFIG={place.Kdc.Configuration}", "/usr/sbin/dovecot", "-F", "-c", $"{directory}/dovecot.conf").ListensAsync(port);
        return port;
    }

    static string MakeToken()
    {
        var signed = $"{Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8)}.{Base64Url.EncodeToString("""{"sub":"alice","iat":1,"nbf":1,"exp":9999999999}"""u8)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(_tokenKey, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>What we write is for it to read.</summary>
    static string Stored(string mechanism) =>
        ScramSecretText.Format(ScramSecret.Derive(ScramHash.Of(mechanism)!, "pencil"u8, "salt-salt-salt-s"u8.ToArray(), 4096), ScramForm.Dovecot);
}

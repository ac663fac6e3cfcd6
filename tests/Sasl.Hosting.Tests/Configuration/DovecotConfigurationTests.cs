using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class DovecotConfigurationTests
{
    static DovecotConfiguration Load(string text, out string[] problems)
    {
        var list = new List<Problem>();
        var configuration = DovecotCheck.Run(DovecotFile.Parse("dovecot.conf", text, list), list);
        problems = [.. list.Select(p => p.ToString())];
        return configuration;
    }

    [Fact]
    public void The_walkthroughs_file()
    {
        var configuration = Load("""
            protocols = imap pop3 lmtp
            listen = *
            login_trusted_networks = 0.0.0.0/0
            mail_location = mbox:~/mail:INBOX=/var/mail/%u
            disable_plaintext_auth = no
            auth_mechanisms = plain login
            ssl = no
            auth_failure_delay = 3 secs
            passdb {
              driver = shadow
            }
            userdb {
              driver = static
              args = uid=500 gid=500 home=/var/vmail/%u
            }
            protocol pop3 {
              pop3_no_flag_updates = yes
            }
            """, out var problems);
        Assert.Empty(problems);
        Assert.True(configuration.Serves("lmtp"));
        Assert.False(configuration.Settings.Boolean(DovecotConf.DisablePlaintextAuth));
        Assert.Equal(TimeSpan.FromSeconds(3), configuration.Settings.Time(DovecotConf.AuthFailureDelay));
        Assert.Equal("shadow", Assert.Single(configuration.Passdbs).Driver);
        Assert.Equal("uid=500 gid=500 home=/var/vmail/%u", Assert.Single(configuration.Userdbs).Args);
        Assert.True(configuration.For("pop3").Boolean(DovecotConf.Pop3NoFlagUpdates));
        Assert.False(configuration.For("imap").Boolean(DovecotConf.Pop3NoFlagUpdates));
    }

    [Fact]
    public void Listeners_have_defaults_that_sections_change()
    {
        var configuration = Load("""
            base_dir = /run/x
            listen = 127.0.0.1
            protocols = lmtp
            service imap-login {
              inet_listener imap {
                port = 10143
              }
              inet_listener imaps {
                port = 0
              }
              process_limit = 7
            }
            service auth {
              unix_listener auth-userdb {
                mode = 0
              }
              unix_listener /spool/private/auth {
                mode = 0660
                user = postfix
              }
            }
            service lmtp {
              inet_listener lmtp {
                address = 127.0.0.1 ::1
                port = 24
              }
            }
            """, out var problems);
        Assert.Empty(problems);
        var imap = configuration.Service("imap-login");
        Assert.Equal(("imap", 10143, false), Assert.Single(imap.InetListeners) is var l ? (l.Name, l.Port, l.IsTls) : default);
        Assert.Equal(["127.0.0.1"], imap.InetListeners[0].Addresses);
        Assert.Equal(7, imap.ProcessLimit);
        Assert.Equal([(110, false), (995, true)], configuration.Service("pop3-login").InetListeners.Select(l => (l.Port, l.IsTls)));
        Assert.Equal([("/run/x/auth-client", "client"), ("/run/x/auth-master", "master"), ("/spool/private/auth", "client")],
            configuration.Service("auth").UnixListeners.Select(l => (l.Path, l.Kind)));
        Assert.Equal((0x1B0u, "postfix"), configuration.Service("auth").UnixListeners[2] is var a ? (a.Mode, a.User) : default);
        Assert.Equal(["127.0.0.1", "::1"], configuration.Service("lmtp").InetListeners.Single().Addresses);
        Assert.Empty(configuration.Service("nothing").UnixListeners);
    }

    [Fact]
    public void Tls_ports_are_closed_where_tls_is_off() =>
        Assert.Equal([143], Load("ssl = no", out _).Service("imap-login").InetListeners.Select(l => l.Port));

    [Fact]
    public void Names_of_release_2_4_are_understood()
    {
        var configuration = Load("""
            dovecot_config_version = 2.4.0
            dovecot_storage_version = 2.4.0
            ssl_server_cert_file = /a.pem
            auth_allow_cleartext = yes
            protocols {
              lmtp = yes
              imap = no
            }
            passdb pam {
            }
            """, out var problems);
        Assert.Empty(problems);
        Assert.Equal("/a.pem", DovecotConfiguration.PathOf(configuration.Settings, DovecotConf.SslCert));
        Assert.False(configuration.Settings.Boolean(DovecotConf.DisablePlaintextAuth));
        Assert.Equal(["lmtp"], configuration.Settings.List(DovecotConf.Protocols));
        Assert.Equal("pam", Assert.Single(configuration.Passdbs).Driver);
    }

    [Fact]
    public void More_names_of_release_2_4()
    {
        var configuration = Load("""
            ssl = no
            mail_driver = mbox
            mail_path = %{home}/mail
            mail_inbox_path = /var/mail/%{user | username}
            auth_mechanisms {
              plain = yes
              scram-sha-256 = yes
              login = no
            }
            auth_default_domain = example.org
            auth_username_format = %{user | lower}
            base_dir = /run/x
            login_greeting = $SET:base_dir
            """, out var problems);
        Assert.Empty(problems);
        Assert.Equal("mbox:~/mail:INBOX=/var/mail/%n", configuration.Settings.Text(DovecotConf.MailLocation));
        Assert.Equal(["plain", "scram-sha-256"], configuration.Mechanisms);
        Assert.Equal(("example.org", "%{user | lower}", "/run/x"), (configuration.Settings.Text(DovecotConf.AuthDefaultRealm),
            configuration.Settings.Text(DovecotConf.AuthUsernameFormat), configuration.Settings.Text(DovecotConf.LoginGreeting)));
    }

    [Fact]
    public void A_mechanism_that_is_not_here_is_left_out() => Assert.Equal(["plain"], Load("ssl = no\nauth_mechanisms = plain ntlm\n", out _).Mechanisms);

    [Fact]
    public void A_protocol_may_be_all_but_one()
    {
        var configuration = Load("ssl = no\nprotocol !imap {\n  disable_plaintext_auth = no\n}\n", out var problems);
        Assert.Empty(problems);
        Assert.Equal((true, false, false), (configuration.For("imap").Boolean(DovecotConf.DisablePlaintextAuth), configuration.For("pop3").Boolean(DovecotConf.DisablePlaintextAuth),
            configuration.For("lmtp").Boolean(DovecotConf.DisablePlaintextAuth)));
    }

    [Fact]
    public void Every_default_is_a_value_that_the_table_itself_accepts()
    {
        foreach (var setting in DovecotConf.Table.All)
        {
            Assert.True(SettingCheck.Dovecot(setting, setting.Default) is null, setting.Name);
            Assert.EndsWith(".", setting.Help);
        }
    }

    [Theory]
    [InlineData("protocol = imap", "Unknown setting: protocol (did you mean \"protocols\"?)")]
    [InlineData("mail_locaton = maildir:~/Maildir", "Unknown setting: mail_locaton (did you mean \"mail_location\"?)")]
    [InlineData("disable_plaintext_auth = off", "Error in setting disable_plaintext_auth: Invalid boolean value: off (use yes or no) (did you mean \"no\"?)")]
    [InlineData("auth_failure_delay = soon", "Error in setting auth_failure_delay: Invalid time interval: soon")]
    [InlineData("first_valid_uid = x", "Error in setting first_valid_uid: Invalid number x")]
    [InlineData("imap_max_line_length = 64q", "Error in setting imap_max_line_length: Invalid size: 64q")]
    [InlineData("ssl = requierd", "bad value: ssl = requierd (one of: no, yes, required) (did you mean \"required\"?)", "protocols = lmtp")]
    [InlineData("auth_mechanisms = plian", "auth_mechanisms: Unknown authentication mechanism 'plian' (did you mean \"plain\"?)")]
    [InlineData("auth_mechanisms = plain ntlm", "warning: auth_mechanisms: ntlm: not implemented in this version, not offered")]
    [InlineData("auth_mechanisms =", "auth_mechanisms: no mechanism: nobody could log in (did you mean \"plain login\"?)")]
    [InlineData("login_trusted_networks = 10.0.0.1/8", "login_trusted_networks: non-null host address bits in \"10.0.0.1/8\" (did you mean \"10.0.0.0/8\"?)")]
    [InlineData("mail_location = ~/Maildir", "mail_location: Unknown mail storage driver ~/Maildir (did you mean \"maildir:~/Maildir\"?)")]
    [InlineData("mail_location = mdbox:~/mdbox", "mail_location: mail storage mdbox: not implemented in this version")]
    [InlineData("mail_location = maildir", "mail_location: no path after maildir: (did you mean \"maildir:~/Maildir\"?)")]
    [InlineData("ssl_key = /etc/key.pem", "ssl_key is the name of a file, not its content (did you mean \"</etc/key.pem\"?)")]
    [InlineData("mail_plugins = quota", "warning: mail_plugins: not implemented in this version, ignored")]
    [InlineData("namespace inbox {\n}", "warning: section namespace inbox: not implemented in this version, ignored")]
    [InlineData("servce auth {\n}", "Unknown section name: servce (did you mean \"service\"?)")]
    [InlineData("protocol imao {\n}", "unknown protocol: imao (did you mean \"imap\"?)")]
    [InlineData("service imap-logn {\n}", "warning: unknown service: imap-logn (did you mean \"imap-login\"?)")]
    [InlineData("passdb {\n}", "passdb without a driver")]
    [InlineData("mail_path = ~/Maildir", "mail_path without mail_driver (did you mean \"mail_driver = maildir\"?)")]
    [InlineData("mail_debug = yes", "warning: mail_debug: not implemented in this version, ignored")]
    [InlineData("quota_storage_size = 1G", "warning: quota_storage_size: not implemented in this version, ignored")]
    [InlineData("login_access_sockets = tcpwrap", "login_access_sockets: not implemented in this version")]
    [InlineData("auth_policy_server_url = http://x/", "auth_policy_server_url: not implemented in this version")]
    [InlineData("auth_policy_hash_nonce = x", "warning: auth_policy_hash_nonce: not implemented in this version, ignored")]
    [InlineData("auth_verbose_passwords = plain", "bad value: auth_verbose_passwords = plain (one of: no)")]
    [InlineData("auth_scram_iterations = 100", "invalid auth_scram_iterations parameter value 100 < 4096 (did you mean \"4096\"?)")]
    [InlineData("remote 10.0.0.0/8 {\n}", "warning: section remote 10.0.0.0/8: not implemented in this version, ignored")]
    public void Each_error_class_has_its_line(string text, string message, string first = "ssl = no")
    {
        Load($"{first}\n{text}\n", out var problems);
        Assert.Equal($"dovecot.conf, line 2: {message}", Assert.Single(problems));
    }

    [Theory]
    [InlineData("passdb {\n  driver = shadw\n}", "Unknown passdb driver 'shadw' (did you mean \"shadow\"?)")]
    [InlineData("userdb {\n  driver = lua\n}", "userdb driver lua: not implemented in this version: use sql")]
    [InlineData("passdb {\n  driver = imap\n}", "passdb driver imap: not implemented in this version: use driver = saslauthd, and saslauthd -a rimap -O SERVER")]
    [InlineData("passdb pam {\n  deny = maybe\n}", "Error in setting deny: Invalid boolean value: maybe (use yes or no)")]
    [InlineData("auth_policy {\n  server_url = http://x/\n}", "auth_policy_server_url: not implemented in this version")]
    [InlineData("protocol smtp {\n  auth_mechanisms = plain login\n}", "auth_mechanisms: settings of the auth server for one protocol: not implemented in this version")]
    [InlineData("protocol smtp {\n  auth_verbose = yes\n}", "warning: auth_verbose: settings of the auth server for one protocol: not implemented in this version, ignored")]
    [InlineData("protocol imap {\n  passdb {\n  }\n}", "section passdb within protocol: not implemented in this version")]
    [InlineData("protocol imap {\n  ldap_uris = x\n}", "ldap_uris: settings of the auth server for one protocol: not implemented in this version")]
    [InlineData("remote 10.0.0.0/8 {\n  passdb {\n  }\n}", "section passdb within remote: not implemented in this version")]
    [InlineData("passdb pam {\n  arg = x\n}", "Unknown setting: passdb { arg } (did you mean \"args\"?)")]
    [InlineData("service auth {\n  client_limits = 5\n}", "Unknown setting: service auth { client_limits } (did you mean \"client_limit\"?)")]
    [InlineData("service auth {\n  client_limit = many\n}", "Error in setting client_limit: Invalid number many")]
    [InlineData("service auth {\n  user = root\n}", "warning: service auth: user: not implemented in this version, ignored")]
    [InlineData("service auth {\n  unix_listner x {\n  }\n}", "Unknown section name: unix_listner (did you mean \"unix_listener\"?)")]
    public void Faults_within_sections_have_theirs(string text, string message)
    {
        Load($"ssl = no\n{text}\n", out var problems);
        Assert.Equal($"dovecot.conf, line 3: {message}", Assert.Single(problems));
    }

    [Theory]
    [InlineData("mode = rw", "mode: \"rw\" is not an octal number (0660)")]
    [InlineData("mod = 0660", "Unknown setting: unix_listener x { mod } (did you mean \"mode\"?)")]
    public void Faults_of_listeners_too(string line, string message)
    {
        Load($"ssl = no\nservice auth {{\n  unix_listener x {{\n    {line}\n  }}\n}}\n", out var problems);
        Assert.Equal($"dovecot.conf, line 4: {message}", Assert.Single(problems));
    }

    [Fact]
    public void Tls_without_a_certificate_is_an_error()
    {
        Load("ssl = required\nssl_key = </nowhere/key.pem\n", out var problems);
        Assert.Equal(
            ["dovecot.conf: ssl_cert: ssl = required needs ssl_cert", "dovecot.conf, line 2: ssl_key: Can't open file /nowhere/key.pem: No such file or directory"], problems);
    }
}

using Testing;

namespace mailctl.Tests.Doveconf;

/// <summary>The same command line on the same file, ours and Debian's. The lines that begin with '#' name versions and machines.</summary>
public sealed class RealDoveconfTests : IDisposable
{
    const string DovecotConf = """
        protocols = imap pop3
        listen = *
        base_dir = /run/x
        auth_mechanisms = plain login
        auth_failure_delay = 180 secs
        auth_cache_size = 20480 k
        auth_cache_ttl = 90 secs
        auth_cache_negative_ttl = 60 mins
        auth_verbose = YES
        auth_realms = a "b c"
        auth_username_format = %Lu
        auth_gssapi_hostname = "$ALL"
        login_greeting = "hello # you  "
        mail_location = maildir:~/Maildir
        ssl = no
        imap_max_line_length = 131072
        disable_plaintext_auth = no
        first_valid_uid = 1000
        !include passdbs.conf
        userdb {
          args = uid=vmail gid=vmail home=/var/vmail/%u
          driver = static
        }
        service auth {
          unix_listener /var/spool/postfix/private/auth {
            mode = 0660
            user = postfix
            group = postfix
          }
          client_limit = 2000
        }
        service imap-login {
          inet_listener imap {
            port = 10143
          }
          process_limit = 7
        }
        service auth {
          unix_listener auth-userdb {
            mode = 0600
          }
        }
        protocol pop3 {
          pop3_no_flag_updates = yes
        }
        protocol lmtp {
          mail_plugins = $mail_plugins sieve
        }

        """;

    const string Passdbs = """
        passdb {
          args = scheme=CRYPT username_format=%u /etc/passwd
          driver = passwd-file
          deny = no
          mechanisms = plain
          result_success = continue
        }
        passdb {
          driver = pam
          override_fields = allow_nets=192.0.2.0/24
        }

        """;

    readonly TemporaryDirectory _directory = new();

    public RealDoveconfTests()
    {
        File.WriteAllText(_directory["dovecot.conf"], DovecotConf);
        File.WriteAllText(_directory["passdbs.conf"], Passdbs);
    }

    public void Dispose() => _directory.Dispose();

    [RealDoveconfTheory]
    [InlineData("-n")]
    [InlineData("-n|-h")]
    [InlineData("passdb")]
    [InlineData("-n|passdb")]
    [InlineData("auth_cache_size")]
    [InlineData("auth_cache_negative_ttl")]
    [InlineData("-h|auth_failure_delay")]
    [InlineData("service/auth/client_limit")]
    [InlineData("-d|auth_cache_ttl")]
    [InlineData("-d|-h|imap_max_line_length")]
    [InlineData("auth_default_realm")]
    public async Task What_is_shown_is_the_same(string arguments)
    {
        string[] words = ["-c", _directory["dovecot.conf"], .. arguments.Split('|')];
        var (ours, theirs) = (await Run.AsAsync("doveconf", "", words), await RealDoveconf.RunAsync(words));
        Assert.Equal((theirs.Status, Shown(theirs), ""), (ours.Status, Shown(ours), ours.Error));
    }

    /// <summary>The set-up of docs/auth-server/configuration.md.</summary>
    [RealDoveconfTheory]
    [InlineData("-n")]
    [InlineData("userdb")]
    public async Task A_whole_set_up_is_shown_the_same(string arguments)
    {
        var source = Path.Combine(Binaries.Root, "docs/auth-server/examples/dovecot-2.3");
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = _directory[Path.GetRelativePath(source, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, File.ReadAllText(file).Replace("/etc/dovecot/", $"{_directory.Path}/"));
        }
        string[] words = ["-c", _directory["dovecot.conf"], arguments];
        var (ours, theirs) = (await Run.AsAsync("doveconf", "", words), await RealDoveconf.RunAsync(words));
        // None is Dovecot's default, and so not shown there; ours is all that we have.
        Assert.Equal((theirs.Status, Shown(theirs), ""), (ours.Status, Shown(ours).Replace("protocols = \n", ""), ours.Error));
    }

    /// <summary>Every setting of the auth server that we have has the default that Dovecot 2.3 has.</summary>
    [RealDoveconfTheory]
    [InlineData("auth_")]
    public async Task Defaults_are_the_same(string prefix)
    {
        var theirs = Settings(await RealDoveconf.RunAsync("-d"));
        var ours = Settings(await Run.AsAsync("doveconf", "", "-d"));
        var common = theirs.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        Assert.Empty(common.Except(ours.Keys));
        Assert.Equal(common.Select(k => (k, theirs[k])), common.Select(k => (k, ours[k])));
    }

    static Dictionary<string, string> Settings(Outcome outcome) =>
        outcome.Lines.Where(l => l.Contains(" = ") && l[0] != ' ' && l[0] != '#').Select(l => l.Split(" = ", 2)).GroupBy(p => p[0]).ToDictionary(g => g.Key, g => g.First()[1]);

    static string Shown(Outcome outcome) => string.Join('\n', outcome.Lines.Where(l => !l.StartsWith('#')));
}

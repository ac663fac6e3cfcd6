using Sasl.Hosting.Configuration;
using Testing;

namespace Sasl.Hosting.Tests.Configuration;

/// <summary>The set-ups that docs/auth-server/configuration.md shows, moved from /etc/dovecot to a directory of the test.</summary>
public sealed class ExampleFilesTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    DovecotConfiguration Load(string name)
    {
        Copy(name);
        // What 2.4 has in the one file, 2.3 has in others.
        foreach (var other in new[] { "deny-users", "master-users" }.Where(o => !File.Exists(_directory[o])))
            File.WriteAllText(_directory[other], "");
        var problems = new List<Problem>();
        var configuration = DovecotCheck.Run(DovecotFile.Load(_directory["dovecot.conf"], problems), problems);
        Assert.Empty(problems);
        return configuration;
    }

    void Copy(string name)
    {
        var source = Path.Combine(ShippedFilesTests.Root(), "docs/auth-server/examples", name);
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = _directory[Path.GetRelativePath(source, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, File.ReadAllText(file).Replace("/etc/dovecot/", $"{_directory.Path}/"));
            File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Theory]
    [InlineData("dovecot-2.3")]
    [InlineData("dovecot-2.4")]
    public void Both_releases_say_the_same(string name)
    {
        var configuration = Load(name);
        Assert.Equal(["passwd-file", "passwd-file", "sql", "ldap"], configuration.Passdbs.Select(p => p.Driver));
        Assert.Equal(["prefetch", "sql", "static"], configuration.Userdbs.Select(u => u.Driver));
        var (deny, masters, sql, ldap) = (configuration.Passdbs[0], configuration.Passdbs[1], configuration.Passdbs[2].Settings, configuration.Passdbs[3].Settings);
        Assert.Equal(("yes", $"{_directory.Path}/deny-users"), (deny.Settings["deny"], deny.Args));
        Assert.Equal(("yes", "continue", $"scheme=SHA512-CRYPT {_directory.Path}/master-users"), (masters.Settings["master"], masters.Settings["result_success"], masters.Args));
        Assert.Equal(("pgsql", "host=db1.example.org host=db2.example.org dbname=mail user=mailauth password='a secret'", "SHA512-CRYPT", "!*@corp.example.org"),
            (sql["driver"], sql["connect"], sql["default_pass_scheme"], sql["username_filter"]));
        Assert.StartsWith("SELECT username || '@' || domain AS user, password, home AS userdb_home, uid AS userdb_uid", sql["password_query"]);
        Assert.Equal(("yes", "another secret", "yes", "plain login", "ou=people,dc=corp,dc=example,dc=org"), (ldap["auth_bind"], ldap["dnpass"], ldap["tls"], ldap["mechanisms"], ldap["base"]));
        Assert.Equal("/etc/ssl/certs/ca-certificates.crt", ldap["tls_ca_cert_file"]);
        Assert.Equal("found", configuration.Userdbs[2].Settings["skip"]);
        Assert.Equal(sql["connect"], configuration.Userdbs[1].Settings["connect"]);
        Assert.Equal(["plain", "login", "scram-sha-256"], configuration.Mechanisms);
        Assert.Equal("example.org", configuration.Settings.Text(DovecotConf.AuthDefaultRealm));
        Assert.Equal("/var/spool/postfix/private/auth", configuration.Service("auth").UnixListeners[^1].Path);
    }

    [Fact]
    public void Of_cyrus_an_auth_server_is_made()
    {
        Copy("cyrus");
        var (configuration, problems) = MailConfiguration.Load(_directory.Path, MainCfTests.System);
        Assert.Empty(problems);
        var (name, plan) = Assert.Single(configuration.CyrusPlans);
        Assert.Equal(("smtpd", "saslauthd", "sql"), (name, plan.Passdbs[0].Driver, plan.Passdbs[1].Driver));
        Assert.Equal("host=db1.example.org host=db2.example.org dbname=mail user=mailauth password='a secret'", plan.Passdbs[1].Settings["connect"]);
        Assert.Contains("domain = '%{domain_first|default(example.org)}'", plan.Passdbs[1].Settings["password_query"]);
        Assert.Equal(("SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN", "example.org"), (plan.Settings["auth_mechanisms"], plan.Settings["auth_default_realm"]));
    }

    [Fact]
    public void A_file_with_a_secret_that_everybody_can_read_is_told()
    {
        Load("dovecot-2.3");
        var everybody = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        foreach (var file in new[] { "dovecot-sql.conf.ext", "dovecot-ldap.conf.ext" })
            File.SetUnixFileMode(_directory[file], everybody);
        var problems = new List<Problem>();
        DovecotCheck.Run(DovecotFile.Load(_directory["dovecot.conf"], problems), problems);
        Assert.Equal([$"{_directory["dovecot-ldap.conf.ext"]}: warning: everybody can read dnpass in it: chmod 600 {_directory["dovecot-ldap.conf.ext"]}",
            $"{_directory["dovecot-sql.conf.ext"]}: warning: everybody can read connect in it: chmod 600 {_directory["dovecot-sql.conf.ext"]}"], problems.Select(p => p.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_same_of_dovecot_conf_itself()
    {
        Load("dovecot-2.4");
        File.SetUnixFileMode(_directory["dovecot.conf"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var problems = new List<Problem>();
        DovecotCheck.Run(DovecotFile.Load(_directory["dovecot.conf"], problems), problems);
        Assert.Equal(["everybody can read ldap_auth_dn_password in it", "everybody can read password in it"], problems.Select(p => p.Message.Split(':')[0]).Order(StringComparer.Ordinal));
    }
}

using AuthServer.Composition;
using AuthServer.Logins;
using AuthServer.Passdb;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Composition;

/// <summary>What settings of dovecot.conf and of sasl2 files come to in the auth server.</summary>
public sealed class SaslChoicesTests
{
    static SaslChoices With(params (Setting Setting, string Value)[] values) => new(DovecotConf.Create(values.ToDictionary(v => v.Setting.Name, v => v.Value)));

    static readonly LoginOrigin _pop3 = new("POP3", null, null);

    [Fact]
    public void Settings_reach_the_mechanisms()
    {
        var settings = With((DovecotConf.AuthRealms, "example.org example.com"), (DovecotConf.AuthKrb5Keytab, "/etc/mail.keytab"), (DovecotConf.AuthDigestReauthTime, "2 mins")).For(_pop3);
        Assert.Equal(["example.org", "example.com"], settings.Realms);
        Assert.Equal("/etc/mail.keytab", settings.Keytab);
        Assert.NotNull(settings.DigestServerNonces);
        Assert.True(With().For(_pop3) is { Realms: [], Keytab: null, DigestServerNonces: null, KerberosService: null });
    }

    [Theory]
    [InlineData("$ALL", "smtp", null)]
    [InlineData("mail.example.org", "SMTP", "smtp@mail.example.org")]
    [InlineData("mail.example.org", "POP3", "pop@mail.example.org")]
    public void The_principal_has_the_services_name_in_it(string host, string service, string? principal) =>
        Assert.Equal(principal, With((DovecotConf.AuthGssapiHostname, host)).For(new(service, null, null)).KerberosService);

    [Fact]
    public async Task An_anonymous_client_is_the_user_that_the_settings_name()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "anonymous").With(DovecotConf.AuthAnonymousUsername, "guest"));
        await server.PlayAsync("""
            S: VERSION|1|2
            S: MECH|ANONYMOUS|anonymous
            S: SPID|*
            S: CUID|*
            S: COOKIE|*
            S: DONE

            C: VERSION|1|2
            C: CPID|42
            C: AUTH|1|ANONYMOUS|service=smtp|resp=eA==
            S: OK|1|user=guest|anonymous
            """);
    }

    [Fact]
    public async Task A_name_without_a_realm_is_found_in_the_databases_realm_too()
    {
        using var server = new TestServer(settings =>
        {
            var path = settings.Passdbs[0].Arguments;
            new Sasldb(path).Set("bob", "mail.example.org", Sasldb.PasswordKind, "{PLAIN}builder");
            new Sasldb(path).Set("alice", "mail.example.org", Sasldb.PasswordKind, "{PLAIN}other");
            var plan = Sasl2FilePlan.Read(Sasl2File.Parse("smtpd.conf", $"sasldb_path: {path}\nmech_list: PLAIN LOGIN\n", []), "", "mail.example.org", []);
            return AuthServerSettings.Parse(AuthServerSettings.From(Empty(), plan).ToText()).With(DovecotConf.AuthFailureDelay, "0").With(DovecotConf.AuthStateDir, "");
        });
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|2
            C: CPID|42
            C: AUTH|1|PLAIN|service=smtp|resp={TestServer.Plain("bob", "builder")}
            S: OK|1|user=bob
            C: AUTH|2|PLAIN|service=smtp|resp={TestServer.Right}
            S: OK|2|user=alice
            C: AUTH|3|PLAIN|service=smtp|resp={TestServer.Plain("bob@elsewhere", "builder")}
            S: FAIL|3|user=bob@elsewhere
            """);
    }

    /// <summary>What the configuration accepts of a block, the chain honours: a restriction that nobody reads would let in whom it is to keep out.</summary>
    [Fact]
    public void Every_setting_of_a_passdb_block_is_the_chains() => Assert.Empty(
        DovecotDatabaseConf.Passdb.All.Where(s => !s.IsUnsupported).Select(s => s.Name).Except([.. PassdbRules.Names, "driver", "args", "fields_import_all"]));

    static DovecotConfiguration Empty() => DovecotCheck.Run(DovecotFile.Parse("dovecot.conf", "", []), []);
}

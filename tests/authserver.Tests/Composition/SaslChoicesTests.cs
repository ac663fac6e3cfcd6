using AuthServer.Composition;
using AuthServer.Logins;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Composition;

/// <summary>What settings of dovecot.conf come to in the mechanisms.</summary>
public sealed class SaslChoicesTests
{
    static SaslChoices With(params (Setting Setting, string Value)[] values) =>
        new(new AuthServerSettings { Values = DovecotConf.Create(values.Append((DovecotConf.AuthStateDir, "")).ToDictionary(v => v.Item1.Name, v => v.Item2)) },
            new([], HashWorkers.Inline, NullLogger.Instance, false), NullLogger.Instance);

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
            S: VERSION|1|4
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
}

using Sasl.Credentials.Ldap;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Tests.Ldap;

public sealed class LdapOptionsTests
{
    static Settings Read(string text)
    {
        var problems = new List<Problem>();
        var settings = SaslauthdFile.Parse("saslauthd.conf", text, problems);
        Assert.Empty(problems);
        return settings;
    }

    [Theory]
    [InlineData("ldap_start_tls: yes\nldap_servers: ldap://a ldaps://b", "TLS already")]
    [InlineData("ldap_bind_dn: cn=a", "needs ldap_bind_pw")]
    [InlineData("ldap_auth_method: fastbind", "it is the DN to bind as")]
    [InlineData("ldap_use_sasl: yes\nldap_mech: EXTERNAL", "looks at no password")]
    [InlineData("ldap_filter: (uid%u)", "ldap_filter: no filter")]
    [InlineData("ldap_filter: (uid=%u)(x=y)", "ldap_filter: no filter")]
    [InlineData("ldap_group_filter: (!)", "ldap_group_filter: no filter")]
    [InlineData("ldap_group_filter: (a=b)", "ldap_group_dn is not set")]
    [InlineData("ldap_group_dn: cn=a\nldap_group_match_method: filter", "ldap_group_filter is not set")]
    public void Settings_that_do_not_go_together_are_reported(string text, string problem) => Assert.Contains(problem, LdapSource.Problem(Read(text)));

    [Theory]
    [InlineData("")]
    [InlineData("ldap_auth_method: fastbind\nldap_filter: %u@example.org")]
    [InlineData("ldap_use_sasl: yes")]
    [InlineData("ldap_use_sasl: yes\nldap_auth_method: custom\nldap_mech: external")]
    [InlineData("ldap_filter: uid=%u")]
    [InlineData("ldap_filter: (&(objectClass=*)(|(mail=%u@%r)(uid=%U%%)))")]
    public void Settings_that_go_together(string text) => Assert.Null(LdapSource.Problem(Read(text)));

    [Theory]
    [InlineData("bind", "no", "bind")]
    [InlineData("Bind", "yes", "fastbind")]
    [InlineData("CUSTOM", "yes", "custom")]
    public void Bind_by_SASL_is_fastbind(string method, string sasl, string expected) =>
        Assert.Equal(expected, new LdapOptions(Read($"ldap_auth_method: {method}\nldap_use_sasl: {sasl}")).Method);

    [Fact]
    public void A_group_is_looked_for_where_users_are_unless_it_is_said()
    {
        Assert.Equal("dc=example", Read("ldap_search_base: dc=example").Text(SaslauthdConf.LdapGroupSearchBase));
        Assert.Equal("ou=x", Read("ldap_search_base: dc=example\nldap_group_search_base: ou=x").Text(SaslauthdConf.LdapGroupSearchBase));
    }

    [Theory]
    [InlineData("no such file")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void A_file_without_certificates_is_reported(string content)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { ["/ca"] = System.Text.Encoding.UTF8.GetBytes(content) };
        Assert.Throws<FormatException>(() => LdapFiles.Tls(Read("ldap_tls_cacert_file: /ca"), files));
        Assert.ThrowsAny<IOException>(() => LdapFiles.Tls(Read("ldap_tls_cacert_file: /nowhere/ca.pem"), new Dictionary<string, ReadOnlyMemory<byte>>()));
    }
}

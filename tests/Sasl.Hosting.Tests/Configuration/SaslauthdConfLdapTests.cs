using CsCheck;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class SaslauthdConfLdapTests
{
    static string? Problem(string line)
    {
        var problems = new List<Problem>();
        SaslauthdFile.Parse("saslauthd.conf", line, problems);
        return problems.Count == 0 ? null : Assert.Single(problems).Message;
    }

    [Theory]
    [InlineData("ldap_servers: http://a/", "is no URL of a directory server")]
    [InlineData("ldap_servers: ldap://a/dc=example", "nothing may stand behind the server's name")]
    [InlineData("ldap_servers: ldap://a:99999", "no port")]
    [InlineData("ldap_servers: ldapi://relative", "no absolute path")]
    [InlineData("ldap_filter: (uid=%x)", "unknown token %x")]
    [InlineData("ldap_filter: (uid=%D)", "%D has no value here")]
    [InlineData("ldap_filter: ((uid=%u)", "parentheses")]
    [InlineData("ldap_group_filter: )(", "parentheses")]
    [InlineData("ldap_search_base: dc=100%", "a % at the end")]
    [InlineData("ldap_scope: subtree", "one of: sub, one, base")]
    [InlineData("ldap_deref: maybe", "one of: search, find, always, never")]
    [InlineData("ldap_auth_method: fast", "one of: bind, custom, fastbind")]
    [InlineData("ldap_version: 2", "one of: 3")]
    [InlineData("ldap_mech: NTLM", "one of: SCRAM-SHA-512")]
    [InlineData("ldap_referrals: yes", "following referrals is not implemented")]
    [InlineData("ldap_tls_ciphers: HIGH", "not implemented in this version")]
    [InlineData("ldap_timeout: 0", "invalid ldap_timeout parameter value 0 < 1")]
    [InlineData("ldap_time_limit: 301", "301 > 300")]
    [InlineData("ldap_size_limit: many", "Invalid number")]
    [InlineData("ldap_sasl_secprops: noplain,nocake", "unknown word nocake")]
    [InlineData("ldap_password_attr: a b", "no attribute")]
    [InlineData("ldap_start_tls: maybe", "Invalid boolean")]
    public void A_value_that_makes_no_sense_is_reported(string line, string message) => Assert.Contains(message, Problem(line));

    [Theory]
    [InlineData("ldap_password: x")]
    [InlineData("ldap_default_domain: example.org")]
    [InlineData("ldap_sasl_authc_id: a")]
    [InlineData("ldap_sasl_authz_id: u:a")]
    [InlineData("ldap_sasl_realm: a")]
    [InlineData("ldap_sasl_mech: digest-md5")]
    [InlineData("LDAP_SERVERS: ldap://a/ ldaps://b:1636 ldapi://%2Frun%2Fldapi/ ldapi:/// ldap://[::1]/ ldap:///")]
    [InlineData("ldap_referrals: no")]
    [InlineData("ldap_restart: yes")]
    [InlineData("ldap_version: 3")]
    [InlineData("ldap_time_limit: 0")]
    [InlineData("ldap_timeout: 10")]
    [InlineData("ldap_sasl_secprops: noanonymous,minssf=56,maxssf=128")]
    [InlineData("ldap_group_filter: (&(cn=mail)(member=%D))")]
    public void What_Cyrus_takes(string line) => Assert.Null(Problem(line));

    [Theory]
    [InlineData("ldap://localhost/", "ldap://localhost:389")]
    [InlineData("LDAPS://a.example", "ldaps://a.example:636")]
    [InlineData("ldap:///", "ldap://localhost:389")]
    [InlineData("ldap://[::1]:3389", "ldap://[::1]:3389")]
    [InlineData("ldapi:///", "ldapi://%2Fvar%2Frun%2Fslapd%2Fldapi")]
    public void Urls(string text, string expected) => Assert.Equal(expected, LdapUrl.Parse(text, out _)!.ToString());

    [Theory]
    [InlineData("ldap://[::1")]
    [InlineData("ldap://[a]:1")]
    [InlineData("ldap://[::1]x")]
    [InlineData("ldap://a b")]
    [InlineData("ldap://a:")]
    [InlineData("ldap://a@b/")]
    [InlineData("ldapi://%2F\0")]
    [InlineData("ldap")]
    public void What_is_no_URL(string text) => Assert.Null(LdapUrl.Parse(text, out _));

    [Fact]
    public void A_URL_reads_back_as_itself() => Gen.Char["ldapsi:/[]%2F.-x1?"].Array[0, 20].Select(c => "ldap" + new string(c)).Sample(text =>
        LdapUrl.Parse(text, out _) is not { } url || LdapUrl.Parse(url.ToString(), out _) == url);
}

using MailServers.Smtp;
using Sasl.Hosting.Configuration;

namespace MailServers.Tests.Smtp;

public class SmtpSettingsTests
{
    static SmtpSettings From(params (string Name, string Value)[] values)
    {
        var system = new SystemInfo("mail.example.com", []);
        return SmtpSettings.From(MainCf.Create(values.ToDictionary(v => v.Name, v => v.Value), system), system);
    }

    [Theory]
    [InlineData("cyrus", "mail.example.com")]
    [InlineData("dovecot", "")]
    public void The_realm_is_a_matter_of_cyrus(string type, string realm) =>
        Assert.Equal(realm, From(("smtpd_sasl_type", type), ("smtpd_sasl_local_domain", "$myhostname")).SaslLocalDomain);

    [Theory]
    [InlineData("", "", "", nameof(TlsLevel.None))]
    [InlineData("may", "", "", nameof(TlsLevel.May))]
    [InlineData("encrypt", "", "", nameof(TlsLevel.Encrypt))]
    [InlineData("none", "yes", "yes", nameof(TlsLevel.None))]
    [InlineData("", "yes", "", nameof(TlsLevel.May))]
    [InlineData("", "", "yes", nameof(TlsLevel.Encrypt))]
    public void The_TLS_level_and_its_old_names(string level, string use, string enforce, string expected) =>
        Assert.Equal(expected, From(("smtpd_tls_security_level", level), ("smtpd_use_tls", use.Length == 0 ? "no" : use), ("smtpd_enforce_tls", enforce.Length == 0 ? "no" : enforce)).TlsLevel.ToString());
}

using Sasl.Hosting.Configuration;

namespace MailSupervisor.House;

/// <summary>Certificate and key as one PEM text: read here as root, sent to the front end over its channel, never on a command line.</summary>
static class TlsText
{
    public const string Name = "tls.pem";

    /// <summary>The text for an SMTP service, or null when it offers no TLS.</summary>
    public static string? ForSmtp(Settings settings)
    {
        var isOn = settings.Text(MainCf.SmtpdTlsSecurityLevel) is "may" or "encrypt" || settings.Boolean(MainCf.SmtpdTlsWrappermode)
            || settings.Boolean(MainCf.SmtpdUseTls) || settings.Boolean(MainCf.SmtpdEnforceTls);
        if (!isOn)
            return null;
        if (settings.List(MainCf.SmtpdTlsChainFiles) is { Count: > 0 } chain)
            return string.Concat(chain.Select(f => File.ReadAllText(f) + "\n"));
        return settings.Text(MainCf.SmtpdTlsCertFile) is { Length: > 0 } certificate and not "none"
            ? Join(certificate, settings.Text(MainCf.SmtpdTlsKeyFile))
            : null;
    }

    /// <summary>The text for IMAP and POP3, or null with ssl = no.</summary>
    public static string? ForDovecot(Settings settings) =>
        !settings.Text(DovecotConf.Ssl).Equals("no", StringComparison.OrdinalIgnoreCase)
        && DovecotConfiguration.PathOf(settings, DovecotConf.SslCert) is { } certificate
        && DovecotConfiguration.PathOf(settings, DovecotConf.SslKey) is { } key
            ? Join(certificate, key)
            : null;

    static string Join(string certificate, string key) =>
        certificate == key ? File.ReadAllText(certificate) : $"{File.ReadAllText(certificate)}\n{File.ReadAllText(key)}";
}

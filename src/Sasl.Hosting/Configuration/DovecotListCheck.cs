namespace Sasl.Hosting.Configuration;

/// <summary>The flat settings of dovecot.conf whose values have a grammar of their own, and what they demand of each other.</summary>
static class DovecotListCheck
{
    /// <summary>Mechanisms by name and whether this version has them.</summary>
    static readonly Dictionary<string, bool> _mechanisms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["plain"] = true, ["login"] = true, ["cram-md5"] = true, ["digest-md5"] = true, ["scram-sha-1"] = true, ["scram-sha-224"] = true, ["scram-sha-256"] = true,
        ["scram-sha-384"] = true, ["scram-sha-512"] = true, ["scram-sha-1-plus"] = true, ["scram-sha-224-plus"] = true, ["scram-sha-256-plus"] = true,
        ["scram-sha-384-plus"] = true, ["scram-sha-512-plus"] = true, ["anonymous"] = true, ["external"] = true, ["gssapi"] = true, ["gss-spnego"] = true,
        ["otp"] = true, ["oauthbearer"] = true, ["xoauth2"] = true, ["ntlm"] = false, ["apop"] = false, ["skey"] = false, ["rpa"] = false,
    };

    /// <summary>Mailbox formats by name and whether this version has them.</summary>
    static readonly Dictionary<string, bool> _formats = new(StringComparer.Ordinal)
    {
        ["maildir"] = true, ["mbox"] = true, ["sdbox"] = false, ["dbox"] = false, ["mdbox"] = false, ["imapc"] = false, ["pop3c"] = false,
    };

    public static void Run(DovecotConfiguration configuration, Action<string, string, string?, bool> report)
    {
        var settings = configuration.Settings;
        DovecotCheck.ServedProtocols(configuration, report);
        foreach (var mechanism in settings.List(DovecotConf.AuthMechanisms))
        {
            if (MechanismComplaint(mechanism) is var (message, suggestion, isWarning))
                report("auth_mechanisms", message, suggestion, isWarning);
        }
        if (settings.List(DovecotConf.AuthMechanisms).Count == 0)
            report("auth_mechanisms", "no mechanism: nobody could log in", "plain login", false);
        foreach (var list in new[] { DovecotConf.LoginTrustedNetworks, DovecotConf.AuthLimitExemptNetworks })
        {
            foreach (var network in settings.List(list))
            {
                if (NetworkPattern.Parse(network, demandBrackets: false, out var error) is null)
                    report(list.Name, error!.Value.Message, error.Value.Suggestion, false);
            }
        }
        MailLocation(settings.Text(DovecotConf.MailLocation), report);
        Tls(configuration, report);
    }

    /// <summary>What is wrong with a mechanism's name, or null. Where it is a warning, the mechanism is left out.</summary>
    public static (string Message, string? Suggestion, bool IsWarning)? MechanismComplaint(string mechanism) =>
        !_mechanisms.TryGetValue(mechanism, out var isSupported) ? ($"Unknown authentication mechanism '{mechanism}'", NearMiss.Find(mechanism.ToLowerInvariant(), _mechanisms.Keys), false)
        : !isSupported ? ($"{mechanism}: not implemented in this version, not offered", null, true)
        : null;

    static void MailLocation(string location, Action<string, string, string?, bool> report)
    {
        if (location.Length == 0)
            return;
        var colon = location.IndexOf(':');
        var format = colon < 0 ? location : location[..colon];
        if (!_formats.TryGetValue(format, out var isSupported))
            report("mail_location", $"Unknown mail storage driver {format}", colon < 0 && format.StartsWith('~') ? $"maildir:{format}" : NearMiss.Find(format, _formats.Keys), false);
        else if (!isSupported)
            report("mail_location", $"mail storage {format}: not implemented in this version", null, false);
        else if (colon < 0 || colon == location.Length - 1)
            report("mail_location", $"no path after {format}:", format == "maildir" ? "maildir:~/Maildir" : "mbox:~/mail:INBOX=/var/mail/%u", false);
    }

    static void Tls(DovecotConfiguration configuration, Action<string, string, string?, bool> report)
    {
        var settings = configuration.Settings;
        if (settings.Text(DovecotConf.Ssl).Equals("no", StringComparison.OrdinalIgnoreCase) || !(configuration.Serves("imap") || configuration.Serves("pop3")))
            return;
        foreach (var setting in new[] { DovecotConf.SslCert, DovecotConf.SslKey })
        {
            var path = DovecotConfiguration.PathOf(settings, setting);
            var what = setting == DovecotConf.SslCert ? "CERTIFICATE" : "PRIVATE KEY";
            if (path is null)
                report(setting.Name, $"ssl = {settings.Text(DovecotConf.Ssl)} needs {setting.Name}", null, false);
            else if (PemFile.Complaint(path, what) is { } complaint)
                report(setting.Name, complaint, null, false);
        }
    }
}

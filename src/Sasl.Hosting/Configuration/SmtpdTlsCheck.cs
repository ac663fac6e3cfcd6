namespace Sasl.Hosting.Configuration;

/// <summary>Whether each SMTP service that offers TLS has a certificate and a key that can be read.</summary>
static class SmtpdTlsCheck
{
    public static void Run(MailConfiguration configuration, string mainFile, IReadOnlyList<PostfixEntry> entries, List<Problem> problems)
    {
        var reported = new HashSet<string>(StringComparer.Ordinal);
        foreach (var service in configuration.Services)
        {
            var settings = service.SettingsFor(configuration.Main);
            var isWrapper = settings.Boolean(MainCf.SmtpdTlsWrappermode);
            var isMandatory = isWrapper || settings.Text(MainCf.SmtpdTlsSecurityLevel) == "encrypt" || settings.Boolean(MainCf.SmtpdEnforceTls);
            if (!isMandatory && settings.Text(MainCf.SmtpdTlsSecurityLevel) != "may" && !settings.Boolean(MainCf.SmtpdUseTls))
                continue;
            if (settings.List(MainCf.SmtpdTlsChainFiles) is { Count: > 0 } chain)
            {
                foreach (var file in chain)
                    File(settings, MainCf.SmtpdTlsChainFiles, file, "CERTIFICATE", service);
            }
            else if (settings.Text(MainCf.SmtpdTlsCertFile) is { Length: > 0 } certificate)
            {
                File(settings, MainCf.SmtpdTlsCertFile, certificate, "CERTIFICATE", service);
                File(settings, MainCf.SmtpdTlsKeyFile, settings.Text(MainCf.SmtpdTlsKeyFile), "PRIVATE KEY", service);
            }
            else
            {
                var message = $"service \"{service.Name}\": TLS is on, but there is no smtpd_tls_cert_file and no smtpd_tls_chain_files";
                problems.Add(new(service.Line > 0 ? service.File : mainFile, service.Line, message, IsWarning: !isMandatory));
            }
        }

        void File(Settings settings, Setting setting, string path, string what, MasterService service)
        {
            if (path == "none" || !reported.Add($"{path} {what}") || PemFile.Complaint(path, what) is not { } complaint)
                return;
            var isOverridden = service.Overrides.Any(o => o.Key == setting.Name);
            problems.Add(isOverridden ? new(service.File, service.Line, $"{setting.Name}: {complaint}")
                : new(mainFile, entries.LastOrDefault(e => e.Name == setting.Name)?.Line ?? 0, $"{setting.Name}: {complaint}"));
        }
    }
}

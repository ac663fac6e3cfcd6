namespace Sasl.Hosting.Configuration;

/// <summary>The *_sasl_*security_options of main.cf: a misspelt option would silently allow what it was to forbid.</summary>
static class SaslOptionsCheck
{
    static readonly string[] _options = ["noplaintext", "noactive", "nodictionary", "noanonymous", "mutual_auth", "forward_secrecy"];

    static readonly Setting[] _lists =
    [
        MainCf.SmtpdSaslSecurityOptions, MainCf.SmtpdSaslTlsSecurityOptions, MainCf.SmtpSaslSecurityOptions, MainCf.SmtpSaslTlsSecurityOptions,
        MainCf.SmtpSaslTlsVerifiedSecurityOptions,
    ];

    public static void Run(Settings settings, Action<string, string, string?, bool> report)
    {
        foreach (var list in _lists.Where(l => settings.Explicit.ContainsKey(l.Name)))
        {
            foreach (var option in settings.List(list).Where(o => !_options.Contains(o, StringComparer.OrdinalIgnoreCase)))
                report(list.Name, $"unknown SASL security option: \"{option}\"", NearMiss.Find(option.ToLowerInvariant(), _options), false);
        }
    }
}

using Sasl.Hosting.Configuration;

namespace MailSupervisor.House;

/// <summary>The SMTP side: the queue, one smtpd for each service of master.cf, and the door for the sendmail command.</summary>
static class SmtpPlans
{
    public static ChildPlan Queue(MailConfiguration configuration, HousePaths paths, HouseIdentities identities) => new(
        "queue", "mailservers", "queue", identities.Queue, ChildRights.Deliver,
        [new("queue", paths.Queue, 0x1B0, identities.Queue.Uid, identities.Front.Gid, Nothing)],
        new Dictionary<string, string>
        {
            ["main.cf"] = configuration.Main.Serialize(),
            ["path:queue-directory"] = paths.QueueStore,
            ["path:auth-userdb"] = paths.AuthUserdb,
        });

    public static IEnumerable<ChildPlan> Smtpd(MailConfiguration configuration, HousePaths paths, HouseIdentities identities, List<Problem> problems)
    {
        foreach (var service in configuration.Services)
        {
            var settings = AuthPath(service.SettingsFor(configuration.Main), configuration, paths, out var authClient);
            var texts = Texts(settings, paths, service.Name, authClient);
            if (TlsText.ForSmtp(settings) is { } tls)
                texts[TlsText.Name] = tls;
            yield return new($"smtpd {service.Name}", "mailservers", "smtpd", identities.Front, ChildRights.None,
                [.. Endpoints.ForSmtp(settings, service, problems).Select(a => new ListenerPlan(service.Name, a, 0, null, null, Nothing))], texts) { MayOverlap = true };
        }
    }

    /// <summary>The socket of the sendmail command: whoever can log in to this machine may send, as with Postfix's maildrop.</summary>
    public static ChildPlan Sendmail(MailConfiguration configuration, HousePaths paths, HouseIdentities identities) => new(
        "pickup", "mailservers", "smtpd", identities.Front, ChildRights.None,
        [new("sendmail", paths.Sendmail, 0x1B6, identities.Front.Uid, identities.Front.Gid, new Dictionary<string, string> { ["local"] = "yes" })],
        Texts(configuration.Main.With([new("smtpd_sasl_auth_enable", "no")]), paths, "pickup", paths.AuthClient)) { MayOverlap = true };

    static Dictionary<string, string> Texts(Settings settings, HousePaths paths, string service, string authClient) => new()
    {
        ["main.cf"] = settings.Serialize(),
        ["service"] = service,
        ["path:queue"] = paths.Queue,
        ["path:auth-client"] = authClient,
        ["path:auth-userdb"] = paths.AuthUserdb,
    };

    /// <summary>
    /// Which auth socket a service uses. A path that our own auth server serves (the private/auth that dovecot.conf offers to a Postfix)
    /// is replaced by the house's socket, whose owner and mode suit our front ends; any other is left alone: it is a real Dovecot's.
    /// </summary>
    static Settings AuthPath(Settings settings, MailConfiguration configuration, HousePaths paths, out string authClient)
    {
        authClient = paths.AuthClient;
        var path = settings.Text(MainCf.SmtpdSaslPath);
        if (settings.Text(MainCf.SmtpdSaslType) == "cyrus")
        {
            authClient = paths.CyrusAuth(path);
            return settings;
        }
        var absolute = Path.Combine(settings.Text(MainCf.QueueDirectory), path.StartsWith("unix:", StringComparison.Ordinal) ? path[5..] : path);
        return configuration.Dovecot.Service("auth").UnixListeners.Any(l => l.Path == absolute)
            ? settings.With([new("smtpd_sasl_path", paths.AuthClient)])
            : settings;
    }

    static Dictionary<string, string> Nothing { get; } = [];
}

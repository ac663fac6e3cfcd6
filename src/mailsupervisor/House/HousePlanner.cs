using Sasl.Hosting.Configuration;

namespace MailSupervisor.House;

/// <summary>Turns an accepted configuration into the process table. This is the one place where it is decided who runs, as whom, and what he may.</summary>
static class HousePlanner
{
    /// <summary>Null when something is wrong that only this machine knows (accounts, addresses); the problems say what.</summary>
    public static HousePlan? Plan(MailConfiguration configuration, List<Problem> problems)
    {
        var before = problems.Count;
        if (HouseIdentities.Find(problems) is not { } identities)
            return null;
        var paths = HousePaths.From(configuration);
        List<ChildPlan> children =
        [
            AuthPlans.House(configuration, paths, identities, problems),
            .. AuthPlans.Cyrus(configuration, paths, identities),
            SmtpPlans.Queue(configuration, paths, identities),
            SmtpPlans.Sendmail(configuration, paths, identities),
            .. SmtpPlans.Smtpd(configuration, paths, identities, problems),
            .. DovecotPlans.All(configuration, paths, identities, problems),
        ];
        if (problems.Skip(before).Any(p => !p.IsWarning))
            return null;
        var telling = children.ConvertAll(c => MetricsPlans.With(c, paths, problems));
        return new HousePlan(telling, Worker(configuration, identities), Mail(configuration), (uint)configuration.Dovecot.Settings.Integer(DovecotConf.FirstValidUid),
            paths.Base, paths.AuthMaster, [.. Directories(paths, identities), .. State(configuration, identities), .. ForSockets(children, paths)])
        {
            Metrics = MetricsPlans.Supervisor(paths),
        };
    }

    static ChildPlan Worker(MailConfiguration configuration, HouseIdentities identities) => new("worker", "mailservers", "worker", identities.Front, ChildRights.None, [],
        new Dictionary<string, string>
        {
            ["imap"] = configuration.Dovecot.For("imap").Serialize(),
            ["pop3"] = configuration.Dovecot.For("pop3").Serialize(),
            ["lmtp"] = configuration.Dovecot.For("lmtp").Serialize(),
            ["main.cf"] = configuration.Main.Serialize(),
        });

    static MailLocations Mail(MailConfiguration configuration)
    {
        var reading = configuration.Dovecot.Settings.Text(DovecotConf.MailLocation);
        return new(reading.Length > 0 ? reading : null, configuration.Main.Text(MainCf.HomeMailbox), configuration.Main.Text(MainCf.MailSpoolDirectory));
    }

    static DirectoryPlan[] Directories(HousePaths paths, HouseIdentities identities) =>
    [
        new(paths.Base, 0x1ED, null, null, IsOurs: false),
        new(paths.Spool, 0x1ED, null, null, IsOurs: false),
        new(Path.GetDirectoryName(paths.Sendmail)!, 0x1ED, null, null, IsOurs: false),
        new(paths.Metrics, 0x1C0, null, null, IsOurs: true),
        new(paths.QueueStore, 0x1C0, identities.Queue.Uid, identities.Queue.Gid, IsOurs: true),
    ];

    static IEnumerable<DirectoryPlan> State(MailConfiguration configuration, HouseIdentities identities) =>
        configuration.Dovecot.Settings.Text(DovecotConf.AuthStateDir) is { Length: > 0 } path ? [new(path, 0x1C0, identities.Auth.Uid, identities.Auth.Gid, IsOurs: true)] : [];

    /// <summary>
    /// Where configured sockets lie beneath our own directories ("private" of smtpd_sasl_path): made when missing. Elsewhere a missing
    /// directory is the administrator's slip, and binding says so.
    /// </summary>
    static IEnumerable<DirectoryPlan> ForSockets(IEnumerable<ChildPlan> children, HousePaths paths) => children
        .SelectMany(c => c.Listeners).Where(l => l.IsUnix).Select(l => Path.GetDirectoryName(l.Address)!).Distinct(StringComparer.Ordinal)
        .Where(d => d.StartsWith(paths.Spool + "/", StringComparison.Ordinal) || d.StartsWith(paths.Base + "/", StringComparison.Ordinal))
        .Select(d => new DirectoryPlan(d, 0x1ED, null, null, IsOurs: false));
}

using Sasl.Hosting.Configuration;

namespace MailSupervisor.House;

/// <summary>Where the sockets and directories of the house are.</summary>
sealed record HousePaths(string Base, string Spool)
{
    public string AuthClient => Path.Combine(Base, "auth-client");

    public string AuthMaster => Path.Combine(Base, "auth-master");

    public string AuthUserdb => Path.Combine(Base, "auth-userdb");

    public string Queue => Path.Combine(Base, "queue.sock");

    public string QueueStore => Path.Combine(Spool, "queue");

    public string Metrics => Path.Combine(Base, "metrics");

    public string Sendmail => Path.Combine(Spool, "public", "sendmail");

    public string CyrusAuth(string name) => Path.Combine(Base, $"auth-{name.Replace('/', '_')}");

    public static HousePaths From(MailConfiguration configuration) =>
        new(configuration.Dovecot.Settings.Text(DovecotConf.BaseDir), configuration.Main.Text(MainCf.QueueDirectory));
}

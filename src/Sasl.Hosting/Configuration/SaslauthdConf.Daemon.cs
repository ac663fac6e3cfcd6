namespace Sasl.Hosting.Configuration;

// The daemon itself. Cyrus has none of these.
public static partial class SaslauthdConf
{
    public static readonly Setting SocketUsers = List("socket_users", "",
        "Who may ask: user names or uids, beside those of socket_groups and root. Both empty: everybody who may enter the directory.");

    public static readonly Setting SocketGroups = List("socket_groups", "",
        "Members of these groups may ask: names or gids.");

    public static readonly Setting WorkerUser = Text("worker_user", "saslauth",
        "The user as whom passwords are looked up, when saslauthd is started by root.");

    public static readonly Setting RequestTimeout = Time("request_timeout", "30s",
        "How long one mechanism may take for one request; then it is answered NO and a worker that hangs is replaced.", s => s with { Minimum = 1, Maximum = 3600 });

    public static readonly Setting RequestLimit = Number("request_limit", "1024",
        "Requests that may be under way or waiting at once.", s => s with { Minimum = 1, Maximum = 100_000 });

    public static readonly Setting RequestLimitPerUser = Number("request_limit_per_user", "512",
        "The same for the programs of one uid, so that no other uid is kept out.", s => s with { Minimum = 1, Maximum = 100_000 });

    public static readonly Setting PasswordLimit = Number("password_limit", "16384",
        "The longest password or token in bytes; Cyrus takes 256.", s => s with { Minimum = 1, Maximum = 65535 });

    public static readonly Setting LogFacility = Text("log_facility", "auth",
        "The syslog facility.", s => s with { Choices = ["auth", "authpriv", "mail", "daemon", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"] });

    public static readonly Setting LogSuccess = YesNo("log_success", "no",
        "A line at info for each success; else only with -V.");
}

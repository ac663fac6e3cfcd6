namespace Sasl.Hosting.Configuration;

// Guessing of passwords, and what is written down of logins (docs/auth-server/). None of these is a setting of Dovecot, whose penalty the limits stand in for.
public static partial class DovecotConf
{
    public static readonly Setting AuthLimitGuessing = YesNo("auth_limit_guessing", "yes",
        "Refuse logins where too many wrong passwords came from or were meant for (not a setting of Dovecot).");

    public static readonly Setting AuthLimitPeriod = Time("auth_limit_period", "1 hour",
        "In this time a full counter of wrong passwords empties.", s => s with { Minimum = 1 });

    public static readonly Setting AuthLimitAddressUser = Number("auth_limit_address_user", "10",
        "Different wrong passwords for one user from one address; 0: any number.");

    public static readonly Setting AuthLimitAddress = Number("auth_limit_address", "30",
        "Wrong passwords from one address (IPv6: /64), five times as many from its network (/24, /48); 0: any number.");

    public static readonly Setting AuthLimitAddressUsers = Number("auth_limit_address_users", "15",
        "Different users that one address may fail at, five times as many for its network; 0: any number.");

    public static readonly Setting AuthLimitUser = Number("auth_limit_user", "60",
        "Different wrong passwords for one user from addresses that he never logged in from; 0: any number.");

    public static readonly Setting AuthLimitExemptNetworks = List("auth_limit_exempt_networks", "127.0.0.0/8 ::1/128",
        "Networks, besides login_trusted_networks, from which nothing is counted and nobody refused: a webmail's.");

    public static readonly Setting AuthAuditLog = Text("auth_audit_log", "audit.log",
        "Where each decision about a login is written, a chained line each; a relative path is in auth_state_dir. Empty: nowhere.");

    public static readonly Setting AuthAuditLogSize = Size("auth_audit_log_size", "64M",
        "From this size on the audit log gets a number and a new one begins; eight old ones are kept. 0: somebody else rotates it.");

    public static readonly Setting AuthAppPasswordsOnly = YesNo("auth_app_passwords_only", "no",
        "Take nobody's own password, only app passwords (mailctl app-password).");
}

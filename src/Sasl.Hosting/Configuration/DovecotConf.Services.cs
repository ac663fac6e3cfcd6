namespace Sasl.Hosting.Configuration;

// Who is served where, and by which process.
public static partial class DovecotConf
{
    public static readonly Setting Protocols = List("protocols", "imap pop3 lmtp",
        "The protocols that are served.");

    public static readonly Setting Listen = List("listen", "*, ::",
        "Addresses to listen on: * is all of IPv4, :: all of IPv6.");

    public static readonly Setting BaseDir = Text("base_dir", "/run/dovecot",
        "The directory of the sockets between the processes.");

    public static readonly Setting StateDir = Text("state_dir", "/var/lib/dovecot",
        "State that outlives a restart.", s => s with { IsUnsupported = true });

    public static readonly Setting InstanceName = Text("instance_name", "dovecot",
        "The name of this instance in process titles.", s => s with { IsUnsupported = true });

    public static readonly Setting LoginTrustedNetworks = List("login_trusted_networks", "",
        "Networks whose clients may log in without TLS and name the original client.");

    public static readonly Setting LoginGreeting = Text("login_greeting", "Dovecot ready.",
        "The text of the greeting.");

    public static readonly Setting LoginLogFormatElements = List("login_log_format_elements", "user=<%u> method=%m rip=%r lip=%l mpid=%e %c session=<%{session}>",
        "What is logged of a login.", s => s with { IsUnsupported = true });

    public static readonly Setting LoginLogFormat = Text("login_log_format", "%$: %s",
        "The form of that line.", s => s with { IsUnsupported = true });

    public static readonly Setting ShutdownClients = YesNo("shutdown_clients", "yes",
        "A restart of the master closes its clients.", s => s with { IsUnsupported = true });

    public static readonly Setting DefaultProcessLimit = Number("default_process_limit", "100",
        "Processes of one service.", s => s with { Minimum = 1, IsUnsupported = true });

    public static readonly Setting DefaultClientLimit = Number("default_client_limit", "1000",
        "Clients of one process.", s => s with { Minimum = 1 });

    public static readonly Setting DefaultVszLimit = Size("default_vsz_limit", "256M",
        "Address space of one process.", s => s with { IsUnsupported = true });

    public static readonly Setting DefaultLoginUser = Text("default_login_user", "dovenull",
        "The account of the login processes.", s => s with { IsUnsupported = true });

    public static readonly Setting DefaultInternalUser = Text("default_internal_user", "dovecot",
        "The account of the internal processes.", s => s with { IsUnsupported = true });

    public static readonly Setting DefaultInternalGroup = Text("default_internal_group", "dovecot",
        "The group of the internal processes.", s => s with { IsUnsupported = true });

    public static readonly Setting HaproxyTrustedNetworks = List("haproxy_trusted_networks", "",
        "Proxies that may speak the PROXY protocol.", s => s with { IsUnsupported = true });

    public static readonly Setting HaproxyTimeout = Time("haproxy_timeout", "3 secs",
        "Longest wait for a PROXY line.", s => s with { IsUnsupported = true });

    public static readonly Setting LogPath = Text("log_path", "syslog",
        "Where errors are logged.");

    public static readonly Setting InfoLogPath = Text("info_log_path", "",
        "Where information is logged, when elsewhere.", s => s with { IsUnsupported = true });

    public static readonly Setting DebugLogPath = Text("debug_log_path", "",
        "Where debug lines are logged, when elsewhere.", s => s with { IsUnsupported = true });

    public static readonly Setting LogTimestamp = Text("log_timestamp", "%b %d %H:%M:%S ",
        "The time in front of a line of a log file.", s => s with { IsUnsupported = true });

    public static readonly Setting SyslogFacility = Text("syslog_facility", "mail",
        "The facility of log lines.", s => s with { IsUnsupported = true });

    public static readonly Setting VersionIgnore = YesNo("version_ignore", "no",
        "Go on when processes are of different versions.", s => s with { IsUnsupported = true });

    public static readonly Setting VerboseProctitle = YesNo("verbose_proctitle", "no",
        "Show users in process titles.", s => s with { IsUnsupported = true });

    public static readonly Setting ImportEnvironment = Text("import_environment", "TZ CORE_OUTOFMEM CORE_ERROR",
        "Environment variables that are kept.", s => s with { IsUnsupported = true });

    public static readonly Setting DoveadmPassword = Text("doveadm_password", "",
        "The password of the administration port.", s => s with { IsUnsupported = true });

    public static readonly Setting SubmissionHost = List("submission_host", "",
        "The server that mail is submitted to.", s => s with { IsUnsupported = true });

    public static readonly Setting Hostname = Text("hostname", "",
        "The name of this machine in protocols. Default: the system's.", s => s with { IsUnsupported = true });

    public static readonly Setting PostmasterAddress = Text("postmaster_address", "postmaster@%d",
        "The sender of refusals.", s => s with { IsUnsupported = true });
}

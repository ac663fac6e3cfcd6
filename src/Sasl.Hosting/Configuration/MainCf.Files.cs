namespace Sasl.Hosting.Configuration;

// Directories, owners, logging.
public static partial class MainCf
{
    public static readonly Setting ConfigDirectory = Text("config_directory", "/etc/postfix",
        "The directory of main.cf and master.cf.");

    public static readonly Setting QueueDirectory = Text("queue_directory", "/var/spool/sasl",
        "The queue; relative socket paths (private/auth) start here.");

    public static readonly Setting DataDirectory = Text("data_directory", "/var/lib/sasl",
        "State that outlives a restart.", s => s with { IsUnsupported = true });

    public static readonly Setting CommandDirectory = Text("command_directory", "/usr/sbin",
        "Where the administrator's commands are.");

    public static readonly Setting DaemonDirectory = Text("daemon_directory", "/usr/libexec/sasl",
        "Where the servers are.");

    public static readonly Setting SendmailPath = Text("sendmail_path", "/usr/sbin/sendmail",
        "The sendmail command.");

    public static readonly Setting MailqPath = Text("mailq_path", "/usr/bin/mailq",
        "The mailq command.");

    public static readonly Setting NewaliasesPath = Text("newaliases_path", "/usr/bin/newaliases",
        "The newaliases command.");

    public static readonly Setting MailOwner = Text("mail_owner", "mailqueue",
        "The account that owns the queue.", s => s with { IsUnsupported = true });

    public static readonly Setting SetgidGroup = Text("setgid_group", "postdrop",
        "The group of the submission command.", s => s with { IsUnsupported = true });

    public static readonly Setting DefaultPrivs = Text("default_privs", "nobody",
        "The account for commands and files whose owner would be root.", s => s with { IsUnsupported = true });

    public static readonly Setting SyslogFacility = Text("syslog_facility", "mail",
        "The facility of log lines.", s => s with { IsUnsupported = true });

    public static readonly Setting SyslogName = Text("syslog_name", "${multi_instance_name?{$multi_instance_name}:{postfix}}",
        "The program name in log lines, in front of /smtpd and the like.");

    public static readonly Setting MaillogFile = Text("maillog_file", "",
        "A file for log lines instead of syslog.");

    public static readonly Setting MultiInstanceName = Text("multi_instance_name", "",
        "The name of this instance among several.", s => s with { IsUnsupported = true });

    public static readonly Setting Stress = Text("stress", "",
        "Not empty while the servers are overloaded; defaults look at it.");

    public static readonly Setting DefaultDatabaseType = Text("default_database_type", "hash",
        "The table type of a name without one.");

    public static readonly Setting ImportEnvironment = List("import_environment", "MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ XAUTHORITY DISPLAY LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME",
        "Environment variables that the servers keep.", s => s with { IsUnsupported = true });

    public static readonly Setting ExportEnvironment = List("export_environment", "TZ MAIL_CONFIG LANG",
        "Environment variables that commands of .forward files see.", s => s with { IsUnsupported = true });

    public static readonly Setting DefaultProcessLimit = Number("default_process_limit", "100",
        "Processes of one service.", s => s with { Minimum = 1 });

    public static readonly Setting SoftBounce = YesNo("soft_bounce", "no",
        "Turn every permanent refusal into a temporary one.", s => s with { IsUnsupported = true });
}

using Sasl.Hosting.Configuration;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Unix;

namespace MailSupervisor;

/// <summary>maillog_file (main.cf) or log_path (dovecot.conf): the house's standard error, which every child inherits, becomes that file.</summary>
static class LogFile
{
    public static LogTarget Open(MailConfiguration configuration, LogTarget target)
    {
        var path = configuration.Main.Text(MainCf.MaillogFile);
        if (path.Length == 0)
            path = configuration.Dovecot.Settings.Text(DovecotConf.LogPath) is var logPath and not ("syslog" or "") ? logPath : "";
        if (path.Length == 0)
            return target;
        if (path is not ("/dev/stderr" or "/dev/stdout"))
            Files.AppendStandardErrorTo(path);
        return LogTarget.StandardError;
    }
}

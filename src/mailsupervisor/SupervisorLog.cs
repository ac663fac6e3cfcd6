using Microsoft.Extensions.Logging;

namespace MailSupervisor;

static partial class SupervisorLog
{
    [LoggerMessage(1, LogLevel.Information, "daemon started -- version {version}, configuration {directory}")]
    public static partial void Started(ILogger log, string version, string directory);

    [LoggerMessage(2, LogLevel.Information, "{name}: started, pid {pid}")]
    public static partial void ChildStarted(ILogger log, string name, int pid);

    [LoggerMessage(3, LogLevel.Warning, "process {name} pid {pid} exit status {status}; starting it again in {wait} s")]
    public static partial void ChildEnded(ILogger log, string name, int pid, int status, double wait);

    [LoggerMessage(4, LogLevel.Error, "{name}: {reason}; trying again in {wait} s")]
    public static partial void ChildFailed(ILogger log, string name, string reason, double wait);

    [LoggerMessage(5, LogLevel.Warning, "{name}: request {verb} is not permitted to it: refused")]
    public static partial void NotPermitted(ILogger log, string name, string verb);

    [LoggerMessage(6, LogLevel.Information, "stopping")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(7, LogLevel.Information, "reload -- configuration {directory}")]
    public static partial void Reloading(ILogger log, string directory);

    [LoggerMessage(8, LogLevel.Error, "reload refused, the running configuration stays: {problems} problems, the first: {first}")]
    public static partial void ReloadRefused(ILogger log, int problems, string first);

    [LoggerMessage(9, LogLevel.Warning, "{problem}")]
    public static partial void Problem(ILogger log, string problem);

    [LoggerMessage(10, LogLevel.Warning, "login of {session} refused: {reason}")]
    public static partial void HandOffRefused(ILogger log, string session, string reason);

    [LoggerMessage(11, LogLevel.Warning, "{user}: uid {uid} is below first_valid_uid {first}: refused")]
    public static partial void UidRefused(ILogger log, string user, uint uid, uint first);

    [LoggerMessage(12, LogLevel.Error, "{name}: a frame that is none of ours: {reason}")]
    public static partial void BadFrame(ILogger log, string name, string reason);

    [LoggerMessage(13, LogLevel.Warning, "{name}: still running after the drain deadline, killed")]
    public static partial void Killed(ILogger log, string name);
}

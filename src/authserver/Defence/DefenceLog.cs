using Microsoft.Extensions.Logging;

namespace AuthServer.Defence;

/// <summary>What an administrator reads of the defence. One line when something begins to be refused, not one for each refusal.</summary>
static partial class DefenceLog
{
    [LoggerMessage(20, LogLevel.Warning, "auth({who}): refused without looking at the password: {reason} (mailctl auth why, mailctl auth unban)")]
    public static partial void Refusing(this ILogger log, string who, string reason);

    [LoggerMessage(21, LogLevel.Warning, "{path}: {reason}; the counters of wrong passwords begin empty")]
    public static partial void StateUnreadable(this ILogger log, string path, string reason);

    [LoggerMessage(22, LogLevel.Error, "{path} cannot be written: {reason}; wrong passwords counted meanwhile are lost at a restart")]
    public static partial void StateUnwritable(this ILogger log, string path, string reason);
}

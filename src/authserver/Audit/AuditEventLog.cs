using Microsoft.Extensions.Logging;

namespace AuthServer.Audit;

/// <summary>What an administrator reads about the audit log itself: once when it begins to fail, once when it goes on.</summary>
static partial class AuditEventLog
{
    [LoggerMessage(30, LogLevel.Error, "audit log {path} cannot be written: {reason}; logins go on, and their events are counted only")]
    public static partial void Failing(this ILogger log, string path, string reason);

    [LoggerMessage(31, LogLevel.Warning, "audit log {path} is written again; {count} events were lost")]
    public static partial void Recovered(this ILogger log, string path, long count);

    [LoggerMessage(32, LogLevel.Error, "audit log {path}: {reason}")]
    public static partial void Suspicious(this ILogger log, string path, string reason);
}

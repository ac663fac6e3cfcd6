using Microsoft.Extensions.Logging;

namespace MailServers.Lmtp;

/// <summary>What the LMTP servers report.</summary>
static partial class LmtpLog
{
    [LoggerMessage(4001, LogLevel.Error, "cannot write the message: {reason}")]
    public static partial void WriteFailed(ILogger log, string reason);

    [LoggerMessage(4002, LogLevel.Information, "lost connection after DATA")]
    public static partial void LostInData(ILogger log);

    [LoggerMessage(4003, LogLevel.Information, "msgid={messageId}: saved mail to {folder}")]
    public static partial void Saved(ILogger log, string messageId, string folder);

    [LoggerMessage(4004, LogLevel.Warning, "{path} ignored: {reason}")]
    public static partial void ForwardIgnored(ILogger log, string path, string reason);

    [LoggerMessage(4005, LogLevel.Information, "msgid={messageId}: delivered to {target}")]
    public static partial void DeliveredTo(ILogger log, string messageId, string target);

    [LoggerMessage(4006, LogLevel.Warning, "delivery failed: {reason}")]
    public static partial void DeliveryFailed(ILogger log, string reason);

    [LoggerMessage(4007, LogLevel.Error, "a connection ended by a bug: {what}")]
    public static partial void Bug(ILogger log, string what);
}

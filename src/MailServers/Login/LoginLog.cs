using Microsoft.Extensions.Logging;

namespace MailServers.Login;

/// <summary>The lines of the login front ends: one per client, in Dovecot's shape.</summary>
static partial class LoginLog
{
    [LoggerMessage(1, LogLevel.Information, "Login: {elements}")]
    public static partial void LoggedIn(ILogger log, string elements);

    [LoggerMessage(2, LogLevel.Information, "{how} ({summary}): {elements}")]
    public static partial void Ended(ILogger log, string how, string summary, string elements);

    [LoggerMessage(3, LogLevel.Error, "Authentication server: {problem}, session=<{session}>")]
    public static partial void AuthUnavailable(ILogger log, string problem, string session);

    [LoggerMessage(4, LogLevel.Error, "Hand-off of the login failed ({code}): {reason}, session=<{session}>")]
    public static partial void HandOffFailed(ILogger log, string code, string reason, string session);

    [LoggerMessage(5, LogLevel.Warning, "All {limit} places belong to logged-in clients, new connections are dropped")]
    public static partial void Full(ILogger log, int limit);

    [LoggerMessage(6, LogLevel.Error, "Bug while serving a client")]
    public static partial void Bug(ILogger log, Exception bug);

    [LoggerMessage(7, LogLevel.Information, "Relay ended: in={fromClient} out={toClient}, session=<{session}>")]
    public static partial void RelayEnded(ILogger log, long fromClient, long toClient, string session);
}

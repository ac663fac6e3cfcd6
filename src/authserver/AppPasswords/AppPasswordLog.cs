using Microsoft.Extensions.Logging;

namespace AuthServer.AppPasswords;

/// <summary>What an administrator reads about the store of app passwords.</summary>
static partial class AppPasswordLog
{
    [LoggerMessage(40, LogLevel.Error, "{reason}; what was known of it before holds on")]
    public static partial void StoreUnreadable(this ILogger log, string reason);

    [LoggerMessage(41, LogLevel.Warning, "last use of app passwords is not noted: {reason}")]
    public static partial void UseUnwritable(this ILogger log, string reason);
}

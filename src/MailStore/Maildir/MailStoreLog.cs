using Microsoft.Extensions.Logging;

namespace MailStore.Maildir;

static partial class MailStoreLog
{
    [LoggerMessage(3001, LogLevel.Warning, "folder {folder} cannot be watched and is looked at instead: {reason}")]
    public static partial void NotWatched(ILogger log, string folder, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "folder {folder}: a message with an impossible or doubled file name is now {name}")]
    public static partial void Renamed(ILogger log, string folder, string name);

    [LoggerMessage(3003, LogLevel.Warning, "the mail directory {path} is not one: {reason}")]
    public static partial void Skipped(ILogger log, string path, string reason);
}

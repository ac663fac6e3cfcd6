using Microsoft.Extensions.Logging;

namespace MailServers.Imap;

/// <summary>The lines of IMAP sessions, in the shape that Dovecot's readers know.</summary>
static partial class ImapLog
{
    [LoggerMessage(2001, LogLevel.Information, "imap({user})<{pid}><{session}>: Disconnected: {reason} in={bytesIn} out={bytesOut} {counters}")]
    public static partial void Disconnected(ILogger log, string user, int pid, string session, string reason, long bytesIn, long bytesOut, ImapCounters counters);

    [LoggerMessage(2002, LogLevel.Error, "imap({user})<{pid}><{session}>: {command} failed")]
    public static partial void Failed(ILogger log, Exception failure, string user, int pid, string session, string command);
}

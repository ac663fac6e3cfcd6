using Microsoft.Extensions.Logging;

namespace MailServers.Pop3;

/// <summary>The lines of POP3 sessions, in the shape that Dovecot's readers know.</summary>
static partial class Pop3Log
{
    [LoggerMessage(3001, LogLevel.Information, "pop3({user})<{pid}><{session}>: Disconnected: {reason} {counters}")]
    public static partial void Disconnected(ILogger log, string user, int pid, string session, string reason, Pop3Counters counters);

    [LoggerMessage(3002, LogLevel.Error, "pop3({user})<{pid}><{session}>: {command} failed")]
    public static partial void Failed(ILogger log, Exception failure, string user, int pid, string session, string command);
}

using Microsoft.Extensions.Logging;

namespace MailServers.Lmtp;

/// <summary>The lines of one user's delivery, with Dovecot's prefix: lmtp(user)&lt;pid&gt;&lt;session&gt;.</summary>
sealed class SessionLog(ILogger log, string user, string session) : ILogger
{
    readonly string _prefix = $"lmtp({user})<{Environment.ProcessId}><{session}>: ";

    public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        log.Log(logLevel, eventId, state, exception, (s, e) => _prefix + formatter(s, e));
}

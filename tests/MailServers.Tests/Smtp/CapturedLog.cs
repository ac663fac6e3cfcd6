using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MailServers.Tests.Smtp;

/// <summary>Keeps the lines as DaemonLog in Postfix style would write them.</summary>
sealed class CapturedLog : ILogger
{
    readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(Sasl.Hosting.Logging.DaemonLog.Printable((logLevel == LogLevel.Warning ? "warning: " : "") + formatter(state, exception)));

    public void Clear() => _lines.Clear();
}

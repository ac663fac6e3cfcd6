using Microsoft.Extensions.Logging;
using Sasl.Hosting.Logging;

namespace Sasl.Credentials.Tests;

/// <summary>Log lines as <see cref="DaemonLog"/> would write them.</summary>
sealed class ListLog : ILogger
{
    readonly List<string> _lines = [];

    public string[] Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
            _lines.Add($"{logLevel}|{DaemonLog.Printable(formatter(state, exception) + exception)}");
    }
}

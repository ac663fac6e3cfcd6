using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AuthServer.Tests;

/// <summary>Every line that was logged.</summary>
sealed class CapturedLog : ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}".Trim());
}

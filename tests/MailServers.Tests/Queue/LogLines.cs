using System.Collections.Concurrent;
using MailServers.Queue;
using Microsoft.Extensions.Logging;

namespace MailServers.Tests.Queue;

/// <summary>Keeps log lines, each with the name it was logged under.</summary>
sealed class LogLines
{
    public ConcurrentQueue<string> All { get; } = new();

    public QueueLoggers Loggers => new(Named("qmgr"), Named("cleanup"), Named("local"), Named("smtp"), Named("error"), Named("bounce"));

    public ILogger Named(string name) => new Logger(name, All);

    public bool Has(string pattern) => All.Any(line => Testing.Dialogue.Matches(pattern, line));

    public override string ToString() => string.Join('\n', All);

    sealed class Logger(string name, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{name}: {formatter(state, exception)}");
    }
}

using Microsoft.Extensions.Logging;

namespace Sasl.Hosting.Logging;

/// <summary>Syslog, and standard error while somebody watches it (-d, and until the daemon is detached).</summary>
public sealed class BothLogs : ILogger, IDisposable
{
    readonly DaemonLog? _syslog, _screen;

    public BothLogs(string ident, Facility facility, LogLevel minimum)
    {
        // Without a syslog daemon the screen is all there is, once; a service manager that has both would show each line twice.
        var syslog = File.Exists("/dev/log");
        var screen = !syslog || Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is null;
        if (syslog)
            _syslog = new DaemonLog(ident, facility, LogTarget.Syslog, LogStyle.Plain, minimum);
        if (screen)
            _screen = new DaemonLog(ident, facility, LogTarget.StandardError, LogStyle.Plain, minimum);
    }

    public bool IsEnabled(LogLevel logLevel) => (_syslog ?? _screen)!.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _syslog?.Log(logLevel, eventId, state, exception, formatter);
        _screen?.Log(logLevel, eventId, state, exception, formatter);
    }

    public void Dispose()
    {
        _syslog?.Dispose();
        _screen?.Dispose();
    }
}

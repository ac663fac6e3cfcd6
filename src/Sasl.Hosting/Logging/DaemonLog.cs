using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Unix;

namespace Sasl.Hosting.Logging;

/// <summary>Where the lines go. A child of the supervisor inherits its standard error, which may be a log file.</summary>
public enum LogTarget { Syslog, StandardError }

/// <summary>Syslog facilities used here (RFC 5424 §6.2.1).</summary>
public enum Facility { Mail = 2, Daemon = 3, Auth = 4, AuthPriv = 10, Local0 = 16, Local1, Local2, Local3, Local4, Local5, Local6, Local7 }

/// <summary>How the severity shows in the text, so that the log scanners that administrators have keep matching.</summary>
public enum LogStyle
{
    /// <summary>The message and nothing else (Cyrus saslauthd).</summary>
    Plain,

    /// <summary>"warning: …", "error: …", "fatal: …" in front (Postfix).</summary>
    Postfix,

    /// <summary>"SERVICE: Warning: …" in front (Dovecot, whose ident is always "dovecot").</summary>
    Dovecot,
}

/// <summary>
/// The one logger of a process: a line per event to syslog or standard error. Text from the network is made printable here,
/// so nobody can forge a line. Use it through generated methods ([LoggerMessage]) in one XxxLog class per folder.
/// </summary>
public sealed class DaemonLog : ILogger, IDisposable
{
    const int LongestLine = 4096;

    static readonly SearchValues<char> _unprintable = SearchValues.Create(
        [.. Enumerable.Range(0, 0xa0).Select(c => (char)c).Where(char.IsControl), .. "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]);

    readonly string _ident, _service;
    readonly Facility _facility;
    readonly LogStyle _style;
    readonly LogLevel _minimum;
    readonly Socket? _syslog;
    readonly Lock _gate = new();

    /// <param name="ident">What stands before "[pid]:", for example "postfix/smtpd" or "saslauthd"; the service name in Dovecot style,
    /// or empty there when the lines name the service themselves ("imap(user)…").</param>
    public DaemonLog(string ident, Facility facility, LogTarget target, LogStyle style = LogStyle.Plain, LogLevel minimum = LogLevel.Information)
    {
        (_ident, _service) = style == LogStyle.Dovecot ? ("dovecot", ident) : (ident, "");
        (_facility, _style, _minimum) = (facility, style, minimum);
        if (target == LogTarget.Syslog)
            _syslog = ConnectSyslog();
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= _minimum && logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var text = Printable(Prefix(logLevel) + formatter(state, exception) + (exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}"));
        if (_syslog is not null)
            ToSyslog(logLevel, text);
        else
            ToStandardError(text);
    }

    /// <summary>
    /// Control characters become '?', and the line has an end. So do those beyond ASCII that a terminal or a log viewer obeys: C1 controls (U+009B is an
    /// escape sequence's beginning), line separators, and what turns the direction of writing.
    /// </summary>
    public static string Printable(string text)
    {
        if (text.Length > LongestLine)
            text = text[..LongestLine];
        return text.AsSpan().IndexOfAny(_unprintable) < 0 ? text
            : string.Create(text.Length, text, static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                    span[i] = _unprintable.Contains(source[i]) ? '?' : source[i];
            });
    }

    public void Dispose() => _syslog?.Dispose();

    string Prefix(LogLevel level) => _style switch
    {
        LogStyle.Postfix => level switch { LogLevel.Warning => "warning: ", LogLevel.Error => "error: ", LogLevel.Critical => "fatal: ", _ => "" },
        LogStyle.Dovecot => (_service.Length > 0 ? _service + ": " : "")
            + level switch { LogLevel.Warning => "Warning: ", LogLevel.Error => "Error: ", LogLevel.Critical => "Fatal: ", _ => "" },
        _ => "",
    };

    void ToSyslog(LogLevel level, string text)
    {
        var severity = level switch { LogLevel.Critical => 2, LogLevel.Error => 3, LogLevel.Warning => 4, LogLevel.Information => 6, _ => 7 };
        var line = $"<{((int)_facility * 8) + severity}>{Stamp()} {_ident}[{Environment.ProcessId}]: {text}";
        try
        {
            _syslog!.Send(Encoding.UTF8.GetBytes(line), SocketFlags.None);
        }
        catch (SocketException)
        {
            // The syslog daemon is gone or slow; a mail server goes on, and the line is not lost for whoever watches the service.
            ToStandardError(text);
        }
    }

    void ToStandardError(string text)
    {
        var bytes = Encoding.UTF8.GetBytes($"{Stamp()} {_ident}[{Environment.ProcessId}]: {text}\n");
        // One write per line, so that lines of several processes on one file do not mix.
        lock (_gate)
            StandardError.Write(bytes);
    }

    static string Stamp() => DateTime.Now.ToString("MMM dd HH:mm:ss");

    static Socket? ConnectSyslog()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint("/dev/log"));
            socket.Blocking = false;
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}

// Invariant of this file: it is all or nothing. Settings that cannot be used, or databases that cannot be opened, change nothing.
using Microsoft.Extensions.Logging;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>The settings of a server that goes on when they change: connections and sockets stay, and the next login is the new settings'.</summary>
sealed class LiveConfiguration(ILogger log, TimeProvider? time = null) : IDisposable
{
    readonly TimeProvider _time = time ?? TimeProvider.System;
    readonly Lock _gate = new();
    Databases? _databases;
    AuthHost? _host;
    Kept? _kept;

    /// <summary>The first settings: what all connections share, or null and the problems.</summary>
    public AuthHost? Open(AuthServerSettings settings, List<string> problems)
    {
        _databases = new();
        _kept = new(settings, log, _time);
        return _host = _databases.Open(settings, log, _time, problems, _kept);
    }

    /// <summary>Other settings in place of those; the problems say why not.</summary>
    public void Replace(AuthServerSettings settings, List<string> problems)
    {
        lock (_gate)
        {
            var databases = new Databases();
            if (_host is not { } old || databases.Open(settings, log, _time, problems, _kept) is not { } host)
            {
                databases.Dispose();
                return;
            }
            _kept!.Use(settings);
            host.Begin();
            old.SucceedBy(host);
            // Those who log in just now began with the old ones.
            var before = _databases!;
            _ = Task.Delay(AuthHost.RequestLifetime, _time).ContinueWith(_ => before.Dispose(), TaskScheduler.Default);
            (_databases, _host) = (databases, host);
            log.Reloaded(string.Join(' ', settings.Mechanisms));
        }
    }

    public void Dispose()
    {
        _databases?.Dispose();
        _kept?.Dispose();
    }
}

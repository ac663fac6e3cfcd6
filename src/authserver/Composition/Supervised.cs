using Microsoft.Extensions.Logging;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Metrics;
using Sasl.Protocols.DovecotAuth;
using Sasl.Protocols.Supervision;

namespace AuthServer.Composition;

/// <summary>The auth server of the house: sockets and settings come from the supervisor.</summary>
static class Supervised
{
    public static async Task<int> RunAsync(ChildArguments child)
    {
        // Nothing here starts a program.
        child.BecomeIdentity(denyExec: true);
        Sasl.Hosting.Unix.Identity.RaiseDescriptorLimit();
        using var lifetime = new Lifetime();
        using var supervisor = await SupervisedChild.ConnectAsync(child);
        using var metrics = MetricsServer.Start(supervisor.MetricsListener, supervisor.Retiring);
        var settings = AuthServerSettings.Parse(supervisor.Require(AuthServerSettings.ConfigurationName));
        using var log = new DaemonLog("auth", Facility.Mail, child.Log, LogStyle.Dovecot, settings.IsDebug ? LogLevel.Debug : LogLevel.Information);
        using var databases = new Databases();
        var problems = new List<string>();
        if (databases.Open(settings, log, TimeProvider.System, problems) is not { } host)
        {
            problems.ForEach(p => log.CannotStart(p));
            return ExitCode.Config;
        }
        var sockets = supervisor.Listeners.Select(l => (l.Name, AuthListener.From(l.Name, l.Options), l.Socket)).ToArray();
        // A successor that accepts on the same sockets and the end of the house are one to those who log in just now: they may finish.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.Stopping, supervisor.Retiring);
        var serving = Server.RunAsync(host, sockets, stop.Token);
        var talking = supervisor.RunAsync();
        await supervisor.ReadyAsync();
        log.Ready(string.Join(' ', settings.Mechanisms), string.Join(' ', sockets.Select(s => s.Name)));
        await serving;
        await Task.WhenAny(talking, Task.Delay(TimeSpan.FromSeconds(1)));
        return ExitCode.Ok;
    }
}

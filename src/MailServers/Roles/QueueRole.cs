using System.Runtime.InteropServices;
using MailServers.Queue;
using MailServers.Queue.Routing;
using MailServers.Queue.Store;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Net;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>Composes the queue. SIGUSR1 flushes it: everything is tried at once.</summary>
static class QueueRole
{
    const int MostConnections = 2000;
    const PosixSignal UserSignal1 = (PosixSignal)10;
    static readonly TimeSpan _drainPatience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(SupervisedChild supervisor, LogTarget target)
    {
        var system = SystemInfo.Current();
        var main = MainCf.Deserialize(supervisor.Require("main.cf"), system);
        var settings = QueueConfiguration.From(main, system, supervisor.Configuration);
        var name = main.Text(MainCf.SyslogName);
        using var manager = Log("qmgr");
        using var cleanup = Log("cleanup");
        using var local = Log("local");
        using var smtp = Log("smtp");
        using var error = Log("error");
        using var bounce = Log("bounce");
        using var directory = QueueDirectory.Open(supervisor.Require("path:queue-directory"), TimeProvider.System);
        var server = new QueueServer(directory, settings, MailDns.FromSystem(), OpenAsync, new(manager, cleanup, local, smtp, error, bounce), TimeProvider.System);
        using var flush = PosixSignalRegistration.Create(UserSignal1, context =>
        {
            context.Cancel = true;
            server.Scheduler.Flush();
        });
        var channel = supervisor.RunAsync();
        var accepting = supervisor.Listeners.Select(listener =>
        {
            var acceptor = new Acceptor(listener.Socket, MostConnections, server.ServeAsync);
            acceptor.Failed += bug => QueueLog.Trouble(cleanup, "NOQUEUE", bug.ToString());
            return acceptor.RunAsync(supervisor.Draining);
        }).ToArray();
        var scheduling = server.Scheduler.RunAsync(_drainPatience, supervisor.Draining);
        await supervisor.ReadyAsync();
        await Task.WhenAny(channel, scheduling);
        await Task.WhenAll([.. accepting, scheduling]);

        DaemonLog Log(string service) => new($"{name}/{service}", Facility.Mail, target, LogStyle.Postfix);

        async Task<(string?, string, System.Net.Sockets.Socket?)> OpenAsync(string user, CancellationToken stop)
        {
            var answer = await supervisor.OpenDeliveryAsync(user, stop);
            return (answer.Code, answer.Reason, answer.Stream);
        }
    }
}

using MailServers.Lmtp;
using MailServers.Queue.Bounce;
using MailServers.Queue.Local;
using MailServers.Queue.Routing;
using MailServers.Queue.Schedule;
using MailServers.Queue.SmtpClient;
using MailServers.Queue.Store;
using Sasl.Hosting.Net;

namespace MailServers.Queue;

/// <summary>The queue put together: intake, store, scheduler, transports.</summary>
sealed class QueueServer
{
    readonly IntakeService _intake;
    readonly QueueLoggers _log;

    public QueueServer(QueueDirectory directory, QueueSettings settings, IMailDns dns, OpenDelivery open, QueueLoggers log, TimeProvider time)
    {
        _log = log;
        var router = new Router(settings.Routing, settings.Origin);
        var aliases = new Aliases(new(settings.Local.AliasMaps, aliases: true), router, router.IsLocalAddress, settings.Local.RecipientDelimiter);
        var hosts = new HostFinder(dns, settings.Routing.OwnAddresses, settings.HostName, settings.Smtp.Port, settings.Smtp.AddressLimit);
        var smtp = new SmtpTransport(settings.Smtp, hosts, settings.Routing.RelayHost, settings.RecipientsPerDelivery, settings.InitialConcurrency, settings.SmtpConcurrency, log.Smtp, time);
        var transports = new Dictionary<string, ITransport>
        {
            ["local"] = new LocalTransport(aliases, router.IsLocalAddress, open, settings.HostName, settings.Local.RecipientDelimiter, settings.LocalConcurrency, log.Local, time),
            ["smtp"] = smtp,
            ["relay"] = smtp,
            ["error"] = new FixedTransport(Verdict.Bounced, "5.0.0", "mail to this address is refused", log.Error),
            ["retry"] = new FixedTransport(Verdict.Deferred, "4.0.0", "mail to this address has to wait", log.Error),
            ["discard"] = new FixedTransport(Verdict.Sent, "2.0.0", "discarded", log.Error),
        };
        var settlement = new Settlement(directory, settings, router, new Reporter(directory, settings, log, time), log, time);
        Scheduler = new(directory, settings, router, transports, settlement, log, time);
        _intake = new(directory, settings, log, Scheduler.Accept);
    }

    public Scheduler Scheduler { get; }

    /// <summary>Serves one LMTP connection.</summary>
    public async Task ServeAsync(System.Net.Sockets.Socket socket, CancellationToken stop)
    {
        await using var connection = new Connection(socket);
        await new LmtpServer(connection, _intake, _log.Cleanup).RunAsync(stop);
    }
}

using MailStore;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;

namespace MailServers.Lmtp;

/// <summary>The worker's LMTP: mail for one user, into his store or where his .forward says.</summary>
static class LmtpSession
{
    public static Task RunAsync(Connection connection, IStore store, LmtpDelivery delivery, ILogger log, CancellationToken stop)
    {
        var own = new SessionLog(log, delivery.User, delivery.Session);
        return new LmtpServer(connection, new MailboxService(store, delivery, own), own).RunAsync(stop);
    }
}

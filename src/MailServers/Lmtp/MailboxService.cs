using MailStore;
using Microsoft.Extensions.Logging;

namespace MailServers.Lmtp;

/// <summary>Takes mail for one user.</summary>
sealed class MailboxService(IStore store, LmtpDelivery delivery, ILogger log) : ILmtpService
{
    public string HostName => delivery.HostName;

    public long SizeLimit => delivery.SizeLimit;

    public int RecipientLimit => 50;

    public ValueTask<(Reply Reply, ILmtpTransaction? Transaction)> BeginAsync(MailCommand mail, CancellationToken stop) =>
        new((new(250, "2.1.0", "Ok"), new MailboxTransaction(store, delivery, mail, log)));
}

using Microsoft.Extensions.Logging;

namespace MailServers.Queue.Schedule;

/// <summary>The transports error, retry and discard: the next hop is the text, with an enhanced status in front or a default one.</summary>
sealed class FixedTransport(Verdict verdict, string defaultStatus, string defaultText, ILogger log) : ITransport
{
    public int RecipientsPerDelivery => 50;

    public int InitialConcurrency => 5;

    public int ConcurrencyLimit => 20;

    public ILogger Log => log;

    public Task<IReadOnlyList<DeliveryResult>> DeliverAsync(Delivery delivery, CancellationToken stop)
    {
        var (status, text) = EnhancedStatus.Split(delivery.NextHop, defaultStatus);
        if (text.Length == 0)
            text = defaultText;
        return Task.FromResult<IReadOnlyList<DeliveryResult>>([.. delivery.Recipients.Select(r => new DeliveryResult(r, verdict, status, text))]);
    }
}

using MailServers.Queue.Routing;
using MailServers.Queue.Schedule;
using Microsoft.Extensions.Logging;

namespace MailServers.Queue.SmtpClient;

/// <summary>
/// Delivers over the network: host after host in order of preference, until each recipient has a yes, a no or an answer that is worth waiting for
/// (RFC 5321 §5.1, §4.5.4.1).
/// </summary>
sealed class SmtpTransport(SmtpSettings settings, HostFinder hosts, string relayHost, int recipients, int initial, int limit, ILogger log, TimeProvider time) : ITransport
{
    public int RecipientsPerDelivery => recipients;

    public int InitialConcurrency => initial;

    public int ConcurrencyLimit => limit;

    public ILogger Log => log;

    public async Task<IReadOnlyList<DeliveryResult>> DeliverAsync(Delivery delivery, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        var found = await hosts.FindAsync(delivery.NextHop, stop);
        // A relay host that does not exist is the administrator's mistake, not the sender's.
        if (found is { Hosts.Count: 0, Verdict: Verdict.Bounced } && relayHost.Length > 0 && delivery.NextHop == relayHost)
            found = HostList.Fail(Verdict.Deferred, "4.3.5", $"relayhost configuration problem: {found.Text}");
        if (found.Hosts.Count == 0)
            return [.. delivery.Recipients.Select(r => new DeliveryResult(r, found.Verdict, found.Status, found.Text) { Connect = time.GetElapsedTime(started) })];
        var final = new List<DeliveryResult>();
        var open = delivery;
        IReadOnlyList<DeliveryResult> last = [];
        var sessions = 0;
        foreach (var host in found.Hosts.Take(settings.AddressLimit))
        {
            var (reached, results) = await TryAsync(host, open, started, stop);
            // 4xx for a recipient: the next server may know better. 2xx and 5xx stand.
            last = [.. results.Where(r => r.Verdict == Verdict.Deferred)];
            final.AddRange(results.Where(r => r.Verdict != Verdict.Deferred));
            if (last.Count == 0 || (reached && ++sessions >= settings.SessionLimit))
                break;
            foreach (var text in last.Select(r => r.Text).Distinct())
                QueueLog.Host(log, delivery.Message.Id, text);
            open = open with { Recipients = [.. last.Select(r => r.Recipient)] };
        }
        return [.. final, .. last];
    }

    /// <summary>One host. Reached: it spoke with us.</summary>
    async Task<(bool Reached, IReadOnlyList<DeliveryResult> Results)> TryAsync(MailHost host, Delivery delivery, long started, CancellationToken stop)
    {
        ClientSession? session = null;
        var sending = started;
        try
        {
            var conversation = new SmtpConversation(settings, host, delivery.NextHop, log, time);
            var (ready, features, refusal) = await conversation.OpenAsync(withTls: true, stop);
            // At level may a failed handshake means: once more, in the clear (RFC 7435 §3).
            if (refusal is { IsTls: true } && settings is { Tls: TlsLevel.May, TlsWrapper: false })
                (ready, features, refusal) = await conversation.OpenAsync(withTls: false, stop);
            if (refusal is not null)
                return (refusal.Status != "4.4.1", Fail(delivery, host, refusal.Status, refusal.Text, started, isDown: true));
            session = ready!;
            sending = time.GetTimestamp();
            var results = await new MailTransfer(session, features, settings, host.ToString(), isLmtp: false).RunAsync(delivery, stop);
            await session.QuitAsync(stop);
            var (connect, transmit) = (time.GetElapsedTime(started, sending), time.GetElapsedTime(sending));
            return (true, [.. results.Select(r => r with { Connect = connect, Transmit = transmit })]);
        }
        catch (ConversationException lost)
        {
            return (true, Fail(delivery, host, "4.4.2", lost.Message, started, isDown: session is null));
        }
        finally
        {
            if (session is not null)
                await session.Connection.DisposeAsync();
        }
    }

    List<DeliveryResult> Fail(Delivery delivery, MailHost host, string status, string text, long started, bool isDown) =>
        [.. delivery.Recipients.Select(r => new DeliveryResult(r, Verdict.Deferred, status, text)
        {
            Relay = status == "4.4.1" ? "none" : host.ToString(),
            RemoteHost = host.Name,
            Connect = time.GetElapsedTime(started),
            IsDestinationDown = isDown,
        })];
}

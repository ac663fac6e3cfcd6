using System.Text;
using MailServers.Queue.Store;
using Microsoft.Extensions.Logging;

namespace MailServers.Queue.Schedule;

/// <summary>What became of one recipient in one attempt.</summary>
enum Verdict
{
    Sent,
    Deferred,
    Bounced,

    /// <summary>Replaced by other recipients (alias, .forward).</summary>
    Expanded,
}

/// <summary>Part of a message's recipients, for one destination, one sender and one chain of forwarding.</summary>
sealed record Delivery(QueuedMessage Message, string NextHop, string Sender, IReadOnlyList<Recipient> Recipients, Func<Stream> OpenText)
{
    /// <summary>
    /// Header lines to stand before the text: mail that goes on carries the addresses it came through, so that a loop over another
    /// machine is seen when it comes back.
    /// </summary>
    public string Prefix { get; init; } = "";

    public DateTimeOffset Activated { get; init; }

    public static string PrefixFor(QueuedMessage message, Recipient recipient)
    {
        var text = new StringBuilder();
        foreach (var ancestor in message.Ancestors(recipient))
            text.Append("Delivered-To: ").Append(ancestor).Append("\r\n");
        return text.ToString();
    }
}

/// <summary>The result for one recipient. Text is what the log and the bounce say.</summary>
sealed record DeliveryResult(Recipient Recipient, Verdict Verdict, string Status, string Text)
{
    /// <summary>As the log writes it: host[address]:port, local or none.</summary>
    public string Relay { get; init; } = "none";

    /// <summary>The name of the server that said the text, for the report (RFC 3464 §2.3.5); null when nobody but us said it.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>The reply itself, for Diagnostic-Code.</summary>
    public string? RemoteReply { get; init; }

    /// <summary>Time to the connection, and from there to the result.</summary>
    public TimeSpan Connect { get; init; }

    public TimeSpan Transmit { get; init; }

    /// <summary>Recipients that take this one's place (Expanded), or are added beside it (Sent).</summary>
    public IReadOnlyList<Recipient> Forwards { get; init; } = [];

    /// <summary>A process of this house was not there to take it: no fault of the mail or its destination, and over in a moment.</summary>
    public bool IsOwnTrouble { get; init; }

    /// <summary>The destination as a whole is out of reach: others waiting for it need not try.</summary>
    public bool IsDestinationDown { get; init; }

    /// <summary>The next server takes over responsibility for success reports.</summary>
    public bool PassedOnNotify { get; init; }
}

/// <summary>A way to deliver.</summary>
interface ITransport
{
    int RecipientsPerDelivery { get; }

    int InitialConcurrency { get; }

    int ConcurrencyLimit { get; }

    /// <summary>Whose name stands before the delivery's log line.</summary>
    ILogger Log { get; }

    /// <summary>One result per recipient. Throws only when stopped: then nothing is known and all are tried again.</summary>
    Task<IReadOnlyList<DeliveryResult>> DeliverAsync(Delivery delivery, CancellationToken stop);
}

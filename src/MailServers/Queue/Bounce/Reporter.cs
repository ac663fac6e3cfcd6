using System.Text;
using MailServers.Queue.Schedule;
using MailServers.Queue.Store;

namespace MailServers.Queue.Bounce;

enum ReportKind { Failure, Delay, Success }

/// <summary>Sends delivery status notifications: one a sender for everything that a round of attempts brought.</summary>
sealed class Reporter(QueueDirectory queue, QueueSettings settings, QueueLoggers log, TimeProvider time)
{
    const long LargestHeader = 128 * 1024;

    /// <summary>Puts the reports in the queue, durable when this completes. Returns their ids.</summary>
    public async Task<IReadOnlyList<string>> ReportAsync(QueuedMessage message, ReportKind kind, IReadOnlyList<DeliveryResult> results)
    {
        var ids = new List<string>();
        foreach (var group in results.GroupBy(r => message.SenderOf(r.Recipient)))
        {
            // RFC 3461 §4.1: only what NOTIFY asks for.
            var wanted = group.Where(r => r.Recipient.Notifies(kind switch { ReportKind.Failure => "FAILURE", ReportKind.Delay => "DELAY", _ => "SUCCESS" }))
                .OrderBy(r => message.Recipients.IndexOf(r.Recipient)).ToList();
            if (group.Key.Length == 0 && kind == ReportKind.Failure)
            {
                // RFC 5321 §6.1: never a report about a report.
                foreach (var result in group)
                    QueueLog.DoubleBounce(log.Bounce, message.Id, result.Recipient.Address, result.Text);
            }
            if (wanted.Count == 0 || group.Key.Length == 0)
                continue;
            var id = await SendAsync(message, kind, group.Key, wanted);
            QueueLog.Notification(log.Bounce, message.Id, kind switch { ReportKind.Failure => "non-delivery", ReportKind.Delay => "delay", _ => "delivery status" }, id);
            ids.Add(id);
        }
        return ids;
    }

    async Task<string> SendAsync(QueuedMessage message, ReportKind kind, string sender, List<DeliveryResult> results)
    {
        using var report = queue.Create(new("", time.GetUtcNow()) { Recipients = [new(sender) { Notify = "NEVER" }], EightBit = message.Envelope.EightBit, Utf8 = message.Envelope.Utf8 });
        await using var text = queue.OpenText(message);
        var header = ReadHeader(text);
        // RFC 3461 §6.2: RET=HDRS or a large message: only the header is returned.
        var headerOnly = kind != ReportKind.Failure || message.Envelope.Return == "HDRS" || message.Size > settings.BounceSizeLimit;
        var writer = new ReportText(settings, message, kind, sender, results, report.Id, time.GetUtcNow());
        report.Write(Encoding.UTF8.GetBytes(writer.BeforeOriginal(header, headerOnly)));
        report.Write(header);
        if (!headerOnly)
            Copy(text, report);
        report.Write(Encoding.UTF8.GetBytes(writer.AfterOriginal()));
        await report.CommitAsync();
        return report.Id;
    }

    /// <summary>The header with the empty line after it; the stream then stands at the body.</summary>
    static byte[] ReadHeader(Stream text)
    {
        var start = text.Position;
        var header = new MemoryStream();
        var block = new byte[8192];
        while (header.Length < LargestHeader && text.Read(block) is > 0 and var read)
        {
            var from = Math.Max(0, (int)header.Length - 3);
            header.Write(block, 0, read);
            var end = header.GetBuffer().AsSpan(from, (int)header.Length - from).IndexOf("\r\n\r\n"u8);
            if (end < 0)
                continue;
            text.Position = start + from + end + 4;
            return header.GetBuffer().AsSpan(0, from + end + 4).ToArray();
        }
        return header.ToArray();
    }

    static void Copy(Stream text, IncomingMessage report)
    {
        var block = new byte[32 * 1024];
        while (text.Read(block) is > 0 and var read)
            report.Write(block.AsSpan(0, read));
    }
}

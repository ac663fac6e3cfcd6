using System.Text;
using MailServers.Lmtp;
using MailServers.Queue.Schedule;
using MailServers.Queue.Store;

namespace MailServers.Queue.Bounce;

/// <summary>The text of a delivery status notification (RFC 3464, in the multipart/report of RFC 6522).</summary>
sealed class ReportText(QueueSettings settings, QueuedMessage message, ReportKind kind, string sender, IReadOnlyList<DeliveryResult> results, string id, DateTimeOffset now)
{
    readonly StringBuilder _text = new();

    string Boundary => $"{id}.{now.ToUnixTimeSeconds()}/{settings.HostName}";

    string Original(DeliveryResult result) => message.Ancestors(result.Recipient).LastOrDefault() ?? result.Recipient.Address;

    public string BeforeOriginal(byte[] header, bool headerOnly)
    {
        var subject = kind switch
        {
            ReportKind.Failure => "Undelivered Mail Returned to Sender",
            ReportKind.Delay => "Delayed Mail (still being retried)",
            _ => "Successful Mail Delivery Report",
        };
        Line($"Date: {MailDate.Format(now)}");
        Line($"From: Mail Delivery System <MAILER-DAEMON@{settings.HostName}>");
        Line($"Subject: {subject}");
        Line($"To: {sender}");
        // RFC 3834 §5: nobody's robot shall answer this.
        Line("Auto-Submitted: auto-replied");
        if (HeaderScan.Field(header, "Message-ID") is { Length: > 0 } messageId)
        {
            Line($"In-Reply-To: {messageId}");
            Line($"References: {messageId}");
        }
        Line($"Message-Id: <{now:yyyyMMddHHmmss}.{id}@{settings.HostName}>");
        Line("MIME-Version: 1.0");
        Line($"Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"{Boundary}\"");
        if (message.Envelope.EightBit)
            Line("Content-Transfer-Encoding: 8bit");
        Line("\r\nThis is a MIME-encapsulated message.\r\n");
        Notification();
        DeliveryStatus();
        Line($"--{Boundary}");
        Line($"Content-Description: Undelivered Message{(headerOnly ? " Headers" : "")}");
        Line($"Content-Type: {(headerOnly ? "text/rfc822-headers" : "message/rfc822")}");
        if (message.Envelope.EightBit)
            Line("Content-Transfer-Encoding: 8bit");
        Line("");
        // RFC 3464 §2: what comes back shows the envelope it had.
        Line($"Return-Path: <{sender}>");
        return _text.ToString();
    }

    public string AfterOriginal() => $"\r\n--{Boundary}--\r\n";

    void Notification()
    {
        Line($"--{Boundary}");
        Line("Content-Description: Notification");
        Line($"Content-Type: text/plain; charset={(message.Envelope.Utf8 ? "utf-8" : "us-ascii")}\r\n");
        Line($"This is the mail system at host {settings.HostName}.\r\n");
        Line(kind switch
        {
            ReportKind.Failure => "Your message could not be delivered to the recipients below. It has been given\r\nup; a copy is attached.",
            ReportKind.Delay => "Your message has not been delivered yet to the recipients below. It will be\r\ntried again; you need not send it once more.",
            _ => "Your message was delivered to the recipients below, or handed to a system that\r\ndoes not send reports of its own.",
        });
        foreach (var result in results)
        {
            var expanded = Original(result) is var original && original != result.Recipient.Address ? $" (expanded from <{original}>)" : "";
            Line($"\r\n<{result.Recipient.Address}>{expanded}: {Fold(result.Text)}");
        }
        Line("");
    }

    void DeliveryStatus()
    {
        Line($"--{Boundary}");
        Line("Content-Description: Delivery report");
        Line($"Content-Type: message/{(message.Envelope.Utf8 ? "global-" : "")}delivery-status\r\n");
        Line($"Reporting-MTA: dns; {settings.HostName}");
        if (message.Envelope.EnvelopeId is { } envelopeId)
            Line($"Original-Envelope-Id: {Clean(Xtext.TryDecode(envelopeId) ?? envelopeId)}");
        Line($"X-Postfix-Queue-ID: {message.Id}");
        Line($"X-Postfix-Sender: rfc822; {sender}");
        Line($"Arrival-Date: {MailDate.Format(message.Envelope.Arrived)}");
        foreach (var result in results)
        {
            Line($"\r\nFinal-Recipient: rfc822; {result.Recipient.Address}");
            Line($"Original-Recipient: {Clean(OriginalRecipient(result))}");
            Line($"Action: {kind switch { ReportKind.Failure => "failed", ReportKind.Delay => "delayed", _ => result.RemoteHost is null ? "delivered" : "relayed" }}");
            Line($"Status: {StatusOf(result)}");
            if (result.RemoteHost is { } remote)
                Line($"Remote-MTA: dns; {remote}");
            Line($"Diagnostic-Code: {(result.RemoteReply is { } reply ? $"smtp; {Fold(reply)}" : $"X-Postfix; {Fold(result.Text)}")}");
            if (kind == ReportKind.Delay)
                Line($"Will-Retry-Until: {MailDate.Format(message.Envelope.Arrived + settings.Lifetime)}");
        }
        Line("");
    }

    /// <summary>RFC 3464 §2.3.1: ORCPT, no longer in xtext; without it the address that came with RCPT.</summary>
    string OriginalRecipient(DeliveryResult result) => result.Recipient.Original?.Split(';', 2) is [var type, var address]
        ? $"{type}; {Xtext.TryDecode(address) ?? address}" : $"rfc822; {Original(result)}";

    // RFC 3464 §2.3.4: a failure has a permanent class unless it is that time ran out.
    string StatusOf(DeliveryResult result) => result.Status.Length > 0 ? result.Status : kind switch { ReportKind.Failure => "5.0.0", ReportKind.Delay => "4.0.0", _ => "2.0.0" };

    static string Clean(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsControl(source[i]) ? '?' : source[i];
    });

    /// <summary>Long texts continue on lines that begin with blanks (RFC 5322 §2.2.3).</summary>
    static string Fold(string text)
    {
        var (folded, column) = (new StringBuilder(), 0);
        foreach (var word in Clean(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + word.Length > 60)
            {
                folded.Append("\r\n    ");
                column = 4;
            }
            else if (column > 0)
            {
                folded.Append(' ');
            }
            folded.Append(word);
            column += word.Length + 1;
        }
        return folded.ToString();
    }

    void Line(string text) => _text.Append(text).Append("\r\n");
}

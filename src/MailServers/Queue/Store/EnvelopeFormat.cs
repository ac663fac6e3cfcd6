using System.Globalization;
using System.Text;
using Sasl.Protocols;

namespace MailServers.Queue.Store;

/// <summary>
/// The head of a queue file: TAB lines, an empty line, then the text in CRLF form up to the end of the file.
/// <code>
/// mail 1
/// from ADDRESS ARRIVED-MS [8bit] [utf8] [ret=…] [envid=…]
/// rcpt ADDRESS [orcpt=…] [notify=…]
/// </code>
/// </summary>
static class EnvelopeFormat
{
    const string Magic = "mail\t1";
    const int LargestHead = 4 << 20;

    static readonly long LatestArrival = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static byte[] Write(Envelope envelope)
    {
        var text = new StringBuilder(Magic).Append('\n');
        List<string> from = ["from", envelope.Sender, envelope.Arrived.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)];
        if (envelope.EightBit)
            from.Add("8bit");
        if (envelope.Utf8)
            from.Add("utf8");
        if (envelope.Return is { } ret)
            from.Add($"ret={ret}");
        if (envelope.EnvelopeId is { } id)
            from.Add($"envid={id}");
        text.Append(TabLine.Join([.. from])).Append('\n');
        foreach (var recipient in envelope.Recipients)
            text.Append("rcpt\t").Append(WriteRecipient(recipient)).Append('\n');
        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }

    public static string WriteRecipient(Recipient recipient)
    {
        List<string> fields = [recipient.Address];
        if (recipient.Original is { } original)
            fields.Add($"orcpt={original}");
        if (recipient.Notify is { } notify)
            fields.Add($"notify={notify}");
        if (recipient.Parent >= 0)
            fields.Add($"parent={recipient.Parent}");
        if (recipient.Sender is { } sender)
            fields.Add($"sender={sender}");
        if (recipient.MailboxOnly)
            fields.Add("mailbox");
        return TabLine.Join([.. fields]);
    }

    public static Recipient ReadRecipient(ReadOnlySpan<string> fields) => new(fields[0])
    {
        Original = TabLine.Value(fields[1..], "orcpt"),
        Notify = TabLine.Value(fields[1..], "notify"),
        Parent = int.TryParse(TabLine.Value(fields[1..], "parent"), out var parent) ? parent : -1,
        Sender = TabLine.Value(fields[1..], "sender"),
        MailboxOnly = TabLine.Value(fields[1..], "mailbox") is not null,
    };

    /// <summary>Reads the head. Null when the file is not one of ours or is damaged. The offset is where the text begins.</summary>
    public static (Envelope Envelope, long TextOffset)? Read(Stream file)
    {
        var lines = ReadHead(file, out var offset);
        if (lines is not [Magic, var fromLine, .. var rest])
            return null;
        if (TabLine.Split(fromLine) is not ["from", var sender, var arrived, .. var options] || !long.TryParse(arrived, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds > LatestArrival)
            return null;
        var envelope = new Envelope(sender, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds))
        {
            EightBit = options.Contains("8bit"),
            Utf8 = options.Contains("utf8"),
            Return = TabLine.Value(options, "ret"),
            EnvelopeId = TabLine.Value(options, "envid"),
        };
        foreach (var line in rest)
        {
            if (TabLine.Split(line) is not ["rcpt", _, ..] fields)
                return null;
            envelope.Recipients.Add(ReadRecipient(fields.AsSpan(1)));
        }
        return (envelope, offset);
    }

    static List<string>? ReadHead(Stream file, out long offset)
    {
        var head = new MemoryStream();
        var block = new byte[4096];
        offset = 0;
        while (head.Length < LargestHead)
        {
            var read = file.Read(block);
            if (read == 0)
                return null;
            var from = Math.Max(0, (int)head.Length - 1);
            head.Write(block, 0, read);
            var end = head.GetBuffer().AsSpan(from, (int)head.Length - from).IndexOf("\n\n"u8);
            if (end < 0)
                continue;
            offset = from + end + 2;
            return [.. Encoding.UTF8.GetString(head.GetBuffer(), 0, from + end).Split('\n')];
        }
        return null;
    }
}

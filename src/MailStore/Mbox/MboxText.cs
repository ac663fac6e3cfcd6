using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using MailStore.Structure;
using MailStore.Text;

namespace MailStore.Mbox;

/// <summary>Moves message text into and out of the file: status fields are left out on the way to a client and put in on the way back.</summary>
static class MboxText
{
    /// <summary>The text as clients see it.</summary>
    public static void CopyOut(SafeFileHandle file, MboxMessage message, SafeFileHandle to)
    {
        var at = 0L;
        Header(file, message, (line, hidden) => at = hidden ? at : Put(to, line, at));
        Copy(file, Separator(file, message), message.End, to, at);
    }

    /// <summary>From_ line, header with new status fields, body, empty line; returns where it ended.</summary>
    public static long CopyWithStatus(SafeFileHandle file, MboxMessage message, (uint, uint)? mailbox, SafeFileHandle to, long at)
    {
        at = Copy(file, message.From, message.Header, to, at);
        Header(file, message, (line, hidden) => at = hidden ? at : Put(to, line, at));
        at = Put(to, Encoding.Latin1.GetBytes(MboxStatus.Write(message, mailbox)), at);
        at = Copy(file, Separator(file, message), message.End, to, at);
        return Close(to, at);
    }

    /// <summary>
    /// A new message: Postfix's form of the From_ line, the sender's status fields dropped, lines that begin "From " quoted.
    /// </summary>
    public static long Deliver(MboxDelivery delivery, MboxMessage message, (uint, uint)? mailbox, SafeFileHandle to, long at)
    {
        using var lines = new LineScanner(new RawStream(delivery.Text, delivery.Length));
        lines.Next();
        var date = delivery.Date.ToLocalTime().ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture);
        at = Put(to, Encoding.Latin1.GetBytes($"From {Sender(lines)}  {date}\n"), at);
        var (inHeader, hidden) = (true, false);
        var status = Encoding.Latin1.GetBytes(MboxStatus.Write(message, mailbox));
        using var output = new BufferedWriter(to, at);
        for (; lines.HasLine; lines.Next())
        {
            if (inHeader && lines.StartsLine && lines.Line.IsEmpty)
            {
                output.Write(status);
                inHeader = hidden = false;
            }
            else if (inHeader && lines.StartsLine && lines.Line[0] is not ((byte)' ' or (byte)'\t'))
                hidden = MboxStatus.Field(lines.Line) is not null;
            if (hidden)
                continue;
            if (lines.StartsLine && lines.Line.StartsWith("From "u8))
                output.Write(">"u8);
            output.Write(lines.Raw);
        }
        if (inHeader)
        {
            output.EndLine();
            output.Write(status);
            output.Write("\n"u8);
        }
        output.EndLine();
        output.Write("\n"u8);
        return output.Flush();
    }

    // "Return-Path: <sender>" stands in front when the delivery agent put it there; without one or with <> it is MAILER-DAEMON.
    static string Sender(LineScanner lines)
    {
        var line = Encoding.Latin1.GetString(lines.Line);
        if (!line.StartsWith("Return-Path:", StringComparison.OrdinalIgnoreCase))
            return "MAILER-DAEMON";
        var sender = line[12..].Trim().TrimStart('<').TrimEnd('>');
        return sender.Length > 0 && !sender.Any(c => c is <= ' ' or > '~') ? sender : "MAILER-DAEMON";
    }

    /// <summary>Makes sure that what is appended begins behind an empty line; returns where.</summary>
    public static long EndWithEmptyLine(SafeFileHandle file, long size)
    {
        Span<byte> end = stackalloc byte[2];
        if (size == 0)
            return 0;
        var count = RandomAccess.Read(file, end, Math.Max(0, size - 2));
        var missing = end[..count].SequenceEqual("\n\n"u8) ? "" : end[count - 1] == '\n' ? "\n" : "\n\n";
        return Put(file, Encoding.ASCII.GetBytes(missing), size);
    }

    static void Header(SafeFileHandle file, MboxMessage message, LineVisitor visit)
    {
        using var lines = new LineScanner(new RawStream(file, Separator(file, message)) { Position = message.Header });
        var hidden = false;
        while (lines.Next())
        {
            if (lines.StartsLine && !lines.Line.IsEmpty && lines.Line[0] is not ((byte)' ' or (byte)'\t'))
                hidden = MboxStatus.Field(lines.Line) is not null;
            visit(lines.Raw, hidden);
        }
    }

    delegate void LineVisitor(ReadOnlySpan<byte> line, bool hidden);

    /// <summary>Where the empty line behind the header begins (Body itself when there is none).</summary>
    static long Separator(SafeFileHandle file, MboxMessage message)
    {
        Span<byte> end = stackalloc byte[3];
        var from = Math.Max(message.Header, message.Body - 3);
        var count = RandomAccess.Read(file, end[..(int)(message.Body - from)], from);
        var text = end[..count];
        return text.EndsWith("\n\r\n"u8) ? message.Body - 2
            : text.EndsWith("\n\n"u8) || text.SequenceEqual("\n"u8) ? message.Body - 1 : message.Body;
    }

    static long Close(SafeFileHandle to, long at)
    {
        Span<byte> last = stackalloc byte[1];
        var ended = at > 0 && RandomAccess.Read(to, last, at - 1) == 1 && last[0] == '\n';
        return Put(to, ended ? "\n"u8 : "\n\n"u8, at);
    }

    static long Put(SafeFileHandle to, ReadOnlySpan<byte> text, long at)
    {
        RandomAccess.Write(to, text, at);
        return at + text.Length;
    }

    public static long Copy(SafeFileHandle from, long start, long end, SafeFileHandle to, long at)
    {
        var buffer = new byte[64 * 1024];
        while (start < end && RandomAccess.Read(from, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - start)), start) is > 0 and var count)
        {
            RandomAccess.Write(to, buffer.AsSpan(0, count), at);
            (start, at) = (start + count, at + count);
        }
        return at;
    }
}

using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using MailStore.Structure;
using MailStore.Text;

namespace MailStore.Mbox;

/// <summary>Reads an mbox file once: a message begins at a line "From " at the top or behind an empty line.</summary>
sealed class MboxScanner(DateTimeOffset fallbackDate)
{
    static readonly IReadOnlySet<string> _none = new HashSet<string>();
    static readonly string[] _dates = ["ddd MMM d HH:mm:ss yyyy", "ddd MMM d HH:mm yyyy", "ddd MMM d HH:mm:ss yyyy zzz"];

    uint _base;

    public List<MboxMessage> Messages { get; } = [];

    public uint Validity { get; private set; }

    public uint Last { get; private set; }

    /// <summary>Where the ten digits of the last UID stand in the file, to be written over; zero when they do not.</summary>
    public long LastAt { get; private set; }

    /// <summary>False when the file does not begin like an mbox.</summary>
    public bool Scan(SafeFileHandle file, long end)
    {
        using var lines = new LineScanner(new RawStream(file, end));
        lines.Next();
        if (lines.HasLine && !IsFrom(lines))
            return false;
        while (lines.HasLine)
            One(lines);
        foreach (var message in Messages)
            Number(message);
        return true;
    }

    void One(LineScanner lines)
    {
        var message = new MboxMessage { From = lines.Start, Date = DateOf(lines.Line) ?? fallbackDate };
        lines.Next();
        message.Header = lines.Start;
        var (flags, keywords) = Header(lines, message);
        message.Body = lines.Start;
        // A header's empty line may be the one in front of the next message.
        var empty = true;
        var (lastStart, lastSize) = (lines.Start, 0L);
        for (; lines.HasLine && !(empty && IsFrom(lines)); lines.Next())
        {
            empty = lines.StartsLine && lines.Line.IsEmpty;
            (lastStart, lastSize) = (lines.Start, CrlfLength(lines));
            message.Size += lastSize;
        }
        // The empty line in front of the next message is not this one's.
        (message.End, message.Next) = (empty ? lastStart : lines.Start, lines.Start);
        message.Size -= empty ? lastSize : 0;
        message.Set(flags, keywords);
        Messages.Add(message);
    }

    (MessageFlags, IReadOnlySet<string>) Header(LineScanner lines, MboxMessage message)
    {
        var (flags, keywords, hidden) = (MessageFlags.None, _none, false);
        for (; lines.HasLine; lines.Next())
        {
            if (lines.StartsLine && lines.Line.IsEmpty)
            {
                message.Size += 2;
                lines.Next();
                break;
            }
            if (lines.StartsLine && lines.Line[0] is not ((byte)' ' or (byte)'\t'))
            {
                var field = MboxStatus.Field(lines.Line);
                hidden = field is not null;
                switch (field)
                {
                    case ("Status", var value):
                        flags |= MboxStatus.Flags(value) & ~MessageFlags.Deleted;
                        message.IsOld |= value.Contains('O');
                        break;
                    case ("X-Status", var value):
                        flags |= MboxStatus.Flags(value) & ~MessageFlags.Seen;
                        break;
                    case ("X-Keywords", var value):
                        keywords = new HashSet<string>(value.Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
                        break;
                    case ("X-UID", var value):
                        message.UidIsKept = uint.TryParse(value, NumberStyles.None, null, out message.Uid);
                        break;
                    case ("X-IMAPbase" or "X-IMAP", var value) when Messages.Count == 0 && Validity == 0:
                        Base(value, lines);
                        break;
                }
            }
            if (!hidden)
                message.Size += CrlfLength(lines);
        }
        return (flags, keywords);
    }

    void Base(string value, LineScanner lines)
    {
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !uint.TryParse(words[0], NumberStyles.None, null, out var validity) || validity == 0
            || !uint.TryParse(words[1], NumberStyles.None, null, out var last) || last > uint.MaxValue / 2)
            return;
        // Only a base that counts lets the X-UID fields count: a sender's would run the numbers over their end.
        (Validity, Last, _base) = (validity, last, last);
        var at = lines.Line.IndexOf(Encoding.ASCII.GetBytes(" " + words[1]));
        // Found behind the validity, even when both are the same digits.
        at = lines.Line[(at + 1)..].IndexOf(Encoding.ASCII.GetBytes(" " + words[1])) is >= 0 and var second ? at + 1 + second : at;
        LastAt = words[1].Length == 10 ? lines.Start + at + 1 : 0;
    }

    /// <summary>A UID in the file counts when it rises and the mailbox has given it: a sender may have made it up.</summary>
    void Number(MboxMessage message)
    {
        var before = _previous;
        if (!message.UidIsKept || message.Uid <= before || message.Uid > _base)
        {
            message.UidIsKept = false;
            message.Uid = Math.Max(Last, before) + 1;
        }
        _previous = message.Uid;
        Last = Math.Max(Last, message.Uid);
        message.Set(message.Info.Flags, message.Info.Keywords);
    }

    uint _previous;

    static bool IsFrom(LineScanner lines) => lines.StartsLine && lines.Line.StartsWith("From "u8);

    static long CrlfLength(LineScanner lines) => lines.End - lines.Start + (lines.EndsBare ? 1 : 0);

    // "From SENDER  Www Mmm dd hh:mm:ss yyyy"; the sender may hold blanks.
    static DateTimeOffset? DateOf(ReadOnlySpan<byte> line)
    {
        var words = Encoding.Latin1.GetString(line[..Math.Min(line.Length, 500)]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var count = 5; count <= 6 && words.Length > count; count++)
            if (DateTimeOffset.TryParseExact(string.Join(' ', words[^count..]), _dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var date))
                return date;
        return null;
    }
}

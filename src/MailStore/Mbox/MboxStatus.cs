using System.Globalization;
using System.Text;

namespace MailStore.Mbox;

/// <summary>
/// The fields in which mbox programs keep what is not the sender's: Status (R read, O old), X-Status (A answered, F flagged, T draft,
/// D deleted), X-Keywords, X-UID, and in the first message X-IMAPbase (UIDVALIDITY, last UID). Clients never see them, and what a
/// sender put into them is dropped at delivery.
/// </summary>
static class MboxStatus
{
    static readonly string[] _fields = ["Status", "X-Status", "X-Keywords", "X-UID", "X-IMAPbase", "X-IMAP", "Content-Length"];

    static readonly (char Letter, MessageFlags Flag)[] _letters =
        [('R', MessageFlags.Seen), ('A', MessageFlags.Answered), ('F', MessageFlags.Flagged), ('T', MessageFlags.Draft), ('D', MessageFlags.Deleted)];

    /// <summary>The status field that a header line is, and its value; null for all others.</summary>
    public static (string Name, string Value)? Field(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon is < 4 or > 16)
            return null;
        foreach (var field in _fields)
            if (field.Length == colon && Ascii.EqualsIgnoreCase(line[..colon], field))
                return (field, Encoding.Latin1.GetString(line[(colon + 1)..]).Trim());
        return null;
    }

    public static MessageFlags Flags(string letters)
    {
        var flags = MessageFlags.None;
        foreach (var (letter, flag) in _letters)
            if (letters.Contains(letter))
                flags |= flag;
        return flags;
    }

    /// <summary>The fields of a message, ready to stand at the end of its header.</summary>
    public static string Write(MboxMessage message, (uint Validity, uint Last)? mailbox)
    {
        var text = new StringBuilder();
        if (mailbox is var (validity, last))
            text.Append(CultureInfo.InvariantCulture, $"X-IMAPbase: {validity} {last:0000000000}\n");
        text.Append(CultureInfo.InvariantCulture, $"X-UID: {message.Uid}\n");
        var flags = message.Info.Flags;
        var (seen, old) = ((flags & MessageFlags.Seen) != 0 ? "R" : "", message.IsOld ? "O" : "");
        if (seen.Length + old.Length > 0)
            text.Append("Status: ").Append(seen).Append(old).Append('\n');
        var others = string.Concat(_letters.Skip(1).Where(l => (flags & l.Flag) != 0).Select(l => l.Letter));
        if (others.Length > 0)
            text.Append("X-Status: ").Append(others).Append('\n');
        if (message.Info.Keywords.Count > 0)
            text.Append("X-Keywords: ").AppendJoin(' ', message.Info.Keywords).Append('\n');
        return text.ToString();
    }
}

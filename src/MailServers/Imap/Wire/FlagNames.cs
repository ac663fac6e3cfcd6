using MailStore;

namespace MailServers.Imap.Wire;

/// <summary>The system flags of RFC 3501 §2.3.2 by name.</summary>
static class FlagNames
{
    public static readonly (MessageFlags Flag, string Name)[] All =
    [
        (MessageFlags.Answered, "\\Answered"),
        (MessageFlags.Flagged, "\\Flagged"),
        (MessageFlags.Deleted, "\\Deleted"),
        (MessageFlags.Seen, "\\Seen"),
        (MessageFlags.Draft, "\\Draft"),
        (MessageFlags.Recent, "\\Recent"),
    ];

    /// <summary>None when there is no such flag, or when it is one that only the server sets.</summary>
    public static MessageFlags Settable(string name)
    {
        foreach (var (flag, known) in All)
            if (flag != MessageFlags.Recent && known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return flag;
        return MessageFlags.None;
    }
}

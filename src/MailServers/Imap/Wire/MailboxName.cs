namespace MailServers.Imap.Wire;

/// <summary>What a name means whatever way it is written.</summary>
static class MailboxName
{
    public const string Inbox = "INBOX";

    /// <summary>RFC 3501 §5.1: INBOX is case-insensitive, also as the root of its inferiors.</summary>
    public static string Canonical(string name, char separator) => IsInbox(name, separator) ? Inbox + name[Inbox.Length..] : name;

    /// <summary>INBOX or one of its inferiors.</summary>
    public static bool IsInbox(string name, char separator) =>
        name.StartsWith(Inbox, StringComparison.OrdinalIgnoreCase) && (name.Length == Inbox.Length || name[Inbox.Length] == separator);
}

namespace MailServers.Imap.Wire;

/// <summary>What a name means whatever way it is written.</summary>
static class MailboxName
{
    /// <summary>RFC 3501 §5.1: INBOX is case-insensitive, also as the root of its inferiors.</summary>
    public static string Canonical(string name, char separator) =>
        name.StartsWith("INBOX", StringComparison.OrdinalIgnoreCase) && (name.Length == 5 || name[5] == separator) ? "INBOX" + name[5..] : name;
}

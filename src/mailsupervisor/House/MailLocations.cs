namespace MailSupervisor.House;

/// <summary>Where mail lies when the user database does not say: once for reading (mail_location), once for delivery (home_mailbox).</summary>
/// <param name="Reading">dovecot.conf's mail_location, or null.</param>
/// <param name="HomeMailbox">main.cf's home_mailbox, empty when not set.</param>
/// <param name="SpoolDirectory">main.cf's mail_spool_directory.</param>
sealed record MailLocations(string? Reading, string HomeMailbox, string SpoolDirectory)
{
    /// <summary>
    /// The location for a protocol. Each side uses its own setting; when only one side is configured both use that one, so that what is
    /// delivered is what is read.
    /// </summary>
    public string For(string protocol)
    {
        var delivery = HomeMailbox.Length > 0 ? (HomeMailbox.EndsWith('/') ? $"maildir:~/{HomeMailbox.TrimEnd('/')}" : $"mbox:~/mail:INBOX=~/{HomeMailbox}") : null;
        var fallback = $"mbox:~/mail:INBOX={SpoolDirectory.TrimEnd('/')}/%u";
        return (protocol == "lmtp" ? delivery ?? Reading : Reading ?? delivery) ?? fallback;
    }
}

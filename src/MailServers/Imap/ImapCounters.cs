namespace MailServers.Imap;

/// <summary>What a session did, for the line at its end.</summary>
sealed class ImapCounters
{
    public int Deleted { get; set; }

    public int Expunged { get; set; }

    public int HeaderCount { get; set; }

    public long HeaderBytes { get; set; }

    public int BodyCount { get; set; }

    public long BodyBytes { get; set; }

    public override string ToString() =>
        $"deleted={Deleted} expunged={Expunged} trashed=0 hdr_count={HeaderCount} hdr_bytes={HeaderBytes} body_count={BodyCount} body_bytes={BodyBytes}";
}

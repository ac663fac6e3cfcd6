namespace MailStore.Mbox;

/// <summary>One message of the file: where its From_ line, header and body stand, and what its status fields say.</summary>
sealed class MboxMessage
{
    public long From, Header, Body, End;

    /// <summary>Where the next From_ line stands (behind the empty line).</summary>
    public long Next;

    public uint Uid;

    /// <summary>The UID stands in the file.</summary>
    public bool UidIsKept;

    /// <summary>"O" in Status: a session has seen it.</summary>
    public bool IsOld;

    public long Size;

    public DateTimeOffset Date;

    public MessageInfo Info = null!;

    public void Set(MessageFlags flags, IReadOnlySet<string> keywords) => Info = new(Uid, flags & ~MessageFlags.Recent, keywords, Date, Size);
}

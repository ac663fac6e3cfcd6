namespace MailServers.Queue.Store;

/// <summary>A message of the queue as it is known while it is active.</summary>
sealed class QueuedMessage(string id, Envelope envelope, long textOffset, long size)
{
    /// <summary>Guards the recipients and the journal; deliveries of one message run side by side.</summary>
    public Lock Gate { get; } = new();

    public string Id => id;

    public Envelope Envelope => envelope;

    /// <summary>Those of the envelope, then those that forwarding added.</summary>
    public List<Recipient> Recipients { get; } = Ordered([], envelope.Recipients);

    public long TextOffset => textOffset;

    /// <summary>Bytes of the text.</summary>
    public long Size => size;

    /// <summary>The sender has been told that the message is late.</summary>
    public bool IsWarned { get; private set; }

    public long JournalLength { get; set; }

    public bool IsDone => Recipients.TrueForAll(r => r.IsDone);

    public void Apply(JournalEntry entry)
    {
        Ordered(Recipients, entry.Added);
        foreach (var index in entry.Done.Where(i => i < Recipients.Count))
            Recipients[index].IsDone = true;
        IsWarned |= entry.Warned;
    }

    /// <summary>Who the mail of this recipient is from: an owner-alias may stand in for the sender.</summary>
    public string SenderOf(Recipient recipient) => recipient.Sender ?? envelope.Sender;

    /// <summary>The addresses that this recipient was forwarded from, nearest first.</summary>
    public IEnumerable<string> Ancestors(Recipient recipient)
    {
        for (var at = recipient.Parent; at >= 0 && at < Recipients.Count; at = Recipients[at].Parent)
            yield return Recipients[at].Address;
    }

    /// <summary>A parent stands before its children; a damaged file that says otherwise would make a circle.</summary>
    static List<Recipient> Ordered(List<Recipient> all, IEnumerable<Recipient> added)
    {
        foreach (var recipient in added)
            all.Add(recipient.Parent < all.Count ? recipient : recipient with { Parent = -1 });
        return all;
    }
}

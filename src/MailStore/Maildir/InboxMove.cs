namespace MailStore.Maildir;

/// <summary>RFC 3501 §6.3.5: renaming INBOX moves its messages to a new folder; INBOX stays, empty, and so do its inferiors.</summary>
static class InboxMove
{
    public static StoreResult Run(MaildirStore store, string to)
    {
        var made = store.Create(to);
        if (!made.IsOk)
            return made;
        var (inbox, target) = (store.Use(FolderName.Inbox), store.Use(to));
        try
        {
            if (inbox is null || target is null)
                return new(StoreError.NonExistent, "Mailbox does not exist");
            inbox.Refresh();
            var messages = inbox.Snapshot().Messages.OfType<MaildirInfo>().Select(i => i.Message).ToArray();
            var copies = MaildirCopy.RunAsync(store, inbox, [.. messages.Select(m => m.Uid)], to, CancellationToken.None).AsTask();
            // Linked first and removed afterwards: a crash in between leaves a message twice, never nowhere.
            copies.GetAwaiter().GetResult();
            inbox.Withdraw(messages);
            return StoreResult.Ok;
        }
        finally
        {
            if (inbox is not null)
                store.Release(inbox);
            if (target is not null)
                store.Release(target);
        }
    }
}

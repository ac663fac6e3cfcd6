using Microsoft.Win32.SafeHandles;

namespace MailStore.Mbox;

/// <summary>Mail in one mbox file: the INBOX and no other folder (those want a maildir).</summary>
sealed class MboxStore : IStore
{
    const string Inbox = "INBOX";
    static readonly StoreResult _onlyInbox = new(StoreError.Cannot, "An mbox mail store has no other mailboxes than INBOX");

    readonly SafeFileHandle _root;
    readonly MboxFolder _inbox;
    readonly TimeProvider _time;

    public MboxStore(MailLocation location, TimeProvider time)
    {
        _time = time;
        _root = RootDirectory.Open(location.Root);
        _inbox = new MboxFolder(_root, location.Inbox!, time);
    }

    public char Separator => '/';

    public string? ProblemOf(string folder) => IsInbox(folder) ? null : _onlyInbox.Text;

    public IReadOnlyList<FolderInfo> Folders() => [new(Inbox, NoSelect: false, HasChildren: false, Marked: _inbox.Status().Recent > 0)];

    public StoreResult Create(string folder) => IsInbox(folder) ? new(StoreError.AlreadyExists, "Mailbox already exists") : _onlyInbox;

    public StoreResult Delete(string folder) =>
        IsInbox(folder) ? new(StoreError.Cannot, "INBOX cannot be deleted") : new(StoreError.NonExistent, "Mailbox does not exist");

    public StoreResult Rename(string from, string to) => IsInbox(from) ? _onlyInbox : new(StoreError.NonExistent, "Mailbox does not exist");

    public IReadOnlyList<string> Subscriptions() => [Inbox];

    public StoreResult Subscribe(string folder, bool subscribed) => IsInbox(folder) ? StoreResult.Ok : _onlyInbox;

    public FolderStatus? Status(string folder) => IsInbox(folder) ? _inbox.Status() : null;

    public IMailboxView? Select(string folder, bool readOnly) => IsInbox(folder) ? new MailboxView(_inbox, readOnly) : null;

    public IMessageWriter? Append(string folder, MessageFlags flags, IReadOnlySet<string> keywords, DateTimeOffset? internalDate) =>
        IsInbox(folder) ? new Writer(_inbox, new MboxDelivery(Spool.Create(_root), flags, keywords, internalDate ?? _time.GetUtcNow())) : null;

    static bool IsInbox(string folder) => folder.Equals(Inbox, StringComparison.OrdinalIgnoreCase);

    public void Dispose()
    {
        _inbox.Dispose();
        _root.Dispose();
    }

    sealed class Writer(MboxFolder inbox, MboxDelivery delivery) : IMessageWriter
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken stop) => delivery.WriteAsync(text, stop);

        public async ValueTask<(uint UidValidity, uint Uid)> CommitAsync(CancellationToken stop)
        {
            delivery.End();
            var uids = await Task.Run(() => inbox.Append([delivery]), stop);
            return (inbox.UidValidity, uids[0]);
        }

        public void Dispose() => delivery.Dispose();
    }
}

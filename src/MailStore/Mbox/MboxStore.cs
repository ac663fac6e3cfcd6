using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Mbox;

/// <summary>Mail in mbox files: the INBOX wherever the location says, the other folders as files and directories below the root.</summary>
sealed partial class MboxStore : IStore
{
    readonly Lock _gate = new();
    readonly SafeFileHandle _root;
    readonly string _inboxPath;
    readonly MboxFolder _inbox;
    readonly Dictionary<string, MboxFolder> _open = [];
    readonly SubscriptionFile _subscriptions;
    readonly TimeProvider _time;

    public MboxStore(MailLocation location, TimeProvider time)
    {
        _time = time;
        _root = RootDirectory.Open(location.Root);
        _inboxPath = location.Inbox!;
        _inboxInRoot = Path.GetDirectoryName(_inboxPath) == location.Root ? Path.GetFileName(_inboxPath) : null;
        _subscriptions = new SubscriptionFile(_root, ".subscriptions", Separator, MboxName.Problem, time);
        var slash = _inboxPath.LastIndexOf('/');
        _inbox = new MboxFolder(this, MboxName.Inbox, Files.OpenDirectory(slash > 0 ? _inboxPath[..slash] : "/"), _inboxPath[(slash + 1)..], _root,
            new MboxJournal(_root, ".inbox.journal"), time);
    }

    public char Separator => MboxName.Separator;

    public string? ProblemOf(string folder) => MboxName.Problem(folder);

    /// <summary>The open folder, to be given back with <see cref="Release"/>; null when there is none of that name.</summary>
    internal MboxFolder? Use(string name)
    {
        if (MboxName.IsInbox(name))
            return _inbox;
        if (MboxName.Problem(name) is not null)
            return null;
        lock (_gate)
        {
            if (_open.TryGetValue(name, out var folder) && folder.IsGone)
            {
                _open.Remove(name);
                folder = null;
            }
            folder ??= Open(name);
            if (folder is null)
                return null;
            _open[name] = folder;
            folder.Users++;
            return folder;
        }
    }

    MboxFolder? Open(string name)
    {
        var (path, file) = MboxName.Place(name);
        if (file == _inboxInRoot && path == "." || DirectoryOf(path) is not { } directory)
            return null;
        if (Files.StatusAt(directory, file) is { IsRegular: true })
            return new MboxFolder(this, name, directory, file, _root, new MboxJournal(directory, JournalOf(file)), _time);
        directory.Dispose();
        return null;
    }

    internal void Release(MboxFolder folder)
    {
        lock (_gate)
        {
            if (folder == _inbox || --folder.Users > 0)
                return;
            if (_open.TryGetValue(folder.Name, out var current) && current == folder)
                _open.Remove(folder.Name);
            folder.Dispose();
        }
    }

    public IReadOnlyList<string> Subscriptions() => _subscriptions.Read();

    public StoreResult Subscribe(string folder, bool subscribed)
    {
        if (subscribed && MboxName.Problem(folder) is { } problem)
            return new(StoreError.InvalidName, problem);
        _subscriptions.Change(MboxName.IsInbox(folder) ? MboxName.Inbox : folder, subscribed);
        return StoreResult.Ok;
    }

    public FolderStatus? Status(string folder)
    {
        if (Use(folder) is not { } used)
            return null;
        try
        {
            return used.Status();
        }
        finally
        {
            Release(used);
        }
    }

    public IMailboxView? Select(string folder, bool readOnly)
    {
        if (Use(folder) is not { } used)
            return null;
        try
        {
            return new MailboxView(used, readOnly);
        }
        catch
        {
            Release(used);
            throw;
        }
    }

    public IMessageWriter? Append(string folder, MessageFlags flags, IReadOnlySet<string> keywords, DateTimeOffset? internalDate)
    {
        if (Use(folder) is not { } used)
            return null;
        try
        {
            return new Writer(used, new MboxDelivery(Spool.Create(_root), flags, keywords, internalDate ?? _time.GetUtcNow()));
        }
        catch
        {
            Release(used);
            throw;
        }
    }

    public void Dispose()
    {
        lock (_gate)
            // Sessions that are still there find their folder gone; the last to leave closes it.
            foreach (var folder in _open.Values)
                folder.Retire();
        _inbox.Dispose();
        _root.Dispose();
    }

    sealed class Writer(MboxFolder folder, MboxDelivery delivery) : IMessageWriter
    {
        bool _disposed;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken stop) => delivery.WriteAsync(text, stop);

        public async ValueTask<(uint UidValidity, uint Uid)> CommitAsync(CancellationToken stop)
        {
            delivery.End();
            var uids = await Task.Run(() => folder.Append([delivery]), stop);
            return (folder.UidValidity, uids[0]);
        }

        public void Dispose()
        {
            if (_disposed)
                return;
            _disposed = true;
            delivery.Dispose();
            folder.Release();
        }
    }
}

using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>A Maildir++ tree. Folders in use are open once and shared; a few that were used lately stay open.</summary>
sealed partial class MaildirStore : IStore
{
    const int IdleFolders = 8;

    readonly Lock _gate = new();
    readonly TimeProvider _time;
    readonly SafeFileHandle _root;
    readonly Dictionary<string, MaildirFolder> _open = [];
    readonly List<MaildirFolder> _idle = [];
    readonly UidValiditySource _validities;
    readonly SubscriptionFile _subscriptions;
    readonly Inotify? _ownChanges;
    bool _disposed;

    public MaildirStore(string path, TimeProvider time, ILogger log, Inotify? changes)
    {
        (_time, Log) = (time, log);
        _root = RootDirectory.Open(path);
        Names = new UniqueName(time);
        if ((Changes = changes) is null && (Changes = _ownChanges = Inotify.TryCreate(out var problem)) is null)
            MailStoreLog.NotWatched(log, path, problem);
        _validities = new UidValiditySource(_root, time);
        _subscriptions = new SubscriptionFile(_root, "subscriptions", FolderName.Separator, FolderName.Problem, time);
    }

    public char Separator => FolderName.Separator;

    internal ILogger Log { get; }

    internal UniqueName Names { get; }

    /// <summary>Null when the kernel has none to give: changes are then found by directory times at each Sync.</summary>
    internal Inotify? Changes { get; }

    internal uint NextUidValidity() => _validities.Next();

    /// <summary>The open folder, to be given back with <see cref="Release"/>; null when there is none of that name.</summary>
    internal MaildirFolder? Use(string name)
    {
        name = FolderName.Canonical(name);
        if (FolderName.Problem(name) is not null)
            return null;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_open.TryGetValue(name, out var folder) && folder.IsGone)
            {
                _open.Remove(name);
                folder = null;
            }
            if (folder is null)
            {
                folder = MaildirFolder.Open(this, _root, name, _time);
                if (folder is null)
                    return null;
                _open[name] = folder;
            }
            if (folder.Users++ == 0)
                _idle.Remove(folder);
            return folder;
        }
    }

    internal void Release(MaildirFolder folder)
    {
        lock (_gate)
        {
            if (--folder.Users > 0)
                return;
            if (_disposed || folder.IsGone)
            {
                Close(folder);
                return;
            }
            _idle.Add(folder);
            if (_idle.Count > IdleFolders)
            {
                var oldest = _idle[0];
                _idle.RemoveAt(0);
                Close(oldest);
            }
        }
    }

    void Close(MaildirFolder folder)
    {
        if (_open.TryGetValue(folder.Name, out var current) && current == folder)
            _open.Remove(folder.Name);
        folder.Dispose();
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

    public IMessageWriter? Append(string folder, MessageFlags flags, IReadOnlySet<string> keywords, DateTimeOffset? internalDate)
    {
        if (Use(folder) is not { } used)
            return null;
        try
        {
            return new MaildirWriter(this, used, flags, keywords, internalDate);
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
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (var folder in _idle.ToArray())
                Close(folder);
            // Sessions that are still there find their folder gone; the last to leave closes it.
            foreach (var folder in _open.Values)
                folder.Retire();
        }
        _ownChanges?.Dispose();
        _root.Dispose();
    }
}

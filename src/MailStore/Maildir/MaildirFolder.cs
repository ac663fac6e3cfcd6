using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>
/// One folder, shared by every session of the user. Invariants:
/// the files are the truth and everything here can be built again from them; UIDs are assigned under dovecot-uidlist.lock only;
/// a message is taken for expunged only when two scans after each other missed it (readdir may miss a file that is renamed meanwhile);
/// <see cref="_disk"/> is held during directory work and every change of the list, <see cref="_state"/> only for moments, so that
/// watchers and readers never wait for a disk.
/// </summary>
sealed partial class MaildirFolder : ISharedFolder, IDisposable
{
    static readonly TimeSpan _abandoned = TimeSpan.FromHours(36), _settled = TimeSpan.FromMilliseconds(100), _lookAgain = TimeSpan.FromSeconds(30);

    readonly Lock _disk = new(), _state = new();
    readonly MaildirStore _store;
    readonly TimeProvider _time;
    readonly SafeFileHandle _directory, _cur, _new, _tmp;
    readonly UidList _uids;
    readonly KeywordList _keywords;
    readonly GroupSync _syncNew, _syncCur, _syncUids;
    readonly List<MaildirMessage> _messages = [];
    readonly Dictionary<string, MaildirMessage> _byBase = [];
    readonly Dictionary<string, UidRecord> _unmatched = [];
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile bool _dirty = true;
    int _scan;

    MaildirFolder(MaildirStore store, string name, TimeProvider time, SafeFileHandle directory)
    {
        (_store, Name, _time, _directory) = (store, name, time, directory);
        _cur = OpenPart("cur");
        _new = OpenPart("new");
        _tmp = OpenPart("tmp");
        _uids = new UidList(directory, time);
        _keywords = new KeywordList(directory);
        _syncNew = new GroupSync(() => Files.Sync(_new));
        _syncCur = new GroupSync(() => Files.Sync(_cur));
        _syncUids = new GroupSync(() => _uids.Sync());
    }

    public string Name { get; set; }

    /// <summary>Views and writers that use it.</summary>
    public int Users { get; set; }

    /// <summary>How often the directories were read.</summary>
    internal int Scans => _scan;

    /// <summary>Rises with each change of the list.</summary>
    public int Version { get; private set; }

    public uint UidValidity => _uids.Validity;

    public uint UidNext => _uids.Next;

    /// <summary>The folder was deleted or its UIDs became invalid: sessions that have it open must end.</summary>
    public bool IsGone { get; set; }

    internal SafeFileHandle Tmp => _tmp;

    /// <summary>Opens and scans a folder; null when its directory is missing or is not one.</summary>
    public static MaildirFolder? Open(MaildirStore store, SafeFileHandle root, string name, TimeProvider time)
    {
        SafeFileHandle directory;
        try
        {
            directory = Files.OpenDirectoryAt(root, FolderName.Directory(name));
        }
        catch (UnixException missing) when (missing.Error is UnixException.ENOENT or UnixException.ENOTDIR or UnixException.ELOOP)
        {
            return null;
        }
        var folder = new MaildirFolder(store, name, time, directory);
        try
        {
            folder.RemoveAbandoned();
            folder.Watch();
            folder.Refresh();
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    SafeFileHandle OpenPart(string name)
    {
        if (Files.MakeDirectoryAt(_directory, name, 0x1C0))
            Files.Sync(_directory);
        return Files.OpenDirectoryAt(_directory, name);
    }

    // maildir(5): what a delivery left in tmp is dead after 36 hours.
    void RemoveAbandoned()
    {
        var names = new List<string>();
        DirectoryEntries.Visit(_tmp, (name, type) => names.Add(System.Text.Encoding.UTF8.GetString(name)));
        foreach (var name in names)
            if (Files.StatusAt(_tmp, name) is { IsDirectory: false } status && _time.GetUtcNow() - status.Modified > _abandoned)
                Files.UnlinkAt(_tmp, name);
    }

    /// <summary>Wakes those who wait; the caller holds <see cref="_state"/>.</summary>
    void Signal()
    {
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }

    /// <summary>Completes at the next change; at once when the version is not that one any more.</summary>
    public Task ChangedSince(int version)
    {
        lock (_state)
            return _dirty || IsGone || Version != version ? Task.CompletedTask
                : _watched ? _changed.Task : Task.WhenAny(_changed.Task, Task.Delay(_lookAgain, _time));
    }

    /// <summary>The list at this moment, UIDs ascending.</summary>
    public (int Version, MessageInfo[] Messages) Snapshot()
    {
        lock (_state)
            return (Version, _messages.ConvertAll(m => m.Info).ToArray());
    }

    public MaildirMessage? Find(uint uid)
    {
        lock (_state)
        {
            var index = IndexOf(uid);
            return index >= 0 ? _messages[index] : null;
        }
    }

    public MessageInfo? InfoOf(uint uid) => Find(uid)?.Info;

    public Stream? OpenText(uint uid) => Find(uid) is { } message ? OpenText(message) : null;

    public MessageStructure? StructureOf(uint uid) => Find(uid) is { } message ? StructureOf(message) : null;

    public ValueTask<CopyResult?> CopyAsync(uint[] uids, string folder, CancellationToken stop) => MaildirCopy.RunAsync(_store, this, uids, folder, stop);

    public void Release() => _store.Release(this);

    int IndexOf(uint uid)
    {
        var (low, high) = (0, _messages.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_messages[middle].Uid == uid)
                return middle;
            (low, high) = _messages[middle].Uid < uid ? (middle + 1, high) : (low, middle - 1);
        }
        return ~low;
    }

    public FolderStatus Status()
    {
        Refresh();
        lock (_state)
        {
            var (unseen, recent) = (0, 0);
            foreach (var message in _messages)
            {
                unseen += (message.Info.Flags & MessageFlags.Seen) == 0 ? 1 : 0;
                recent += message.IsRecent ? 1 : 0;
            }
            return new MaildirStatus([.. _messages], recent, UidNext, UidValidity, unseen);
        }
    }

    sealed record MaildirStatus(MaildirMessage[] All, int Recent, uint UidNext, uint UidValidity, int Unseen)
        : FolderStatus(All.Length, Recent, UidNext, UidValidity, Unseen, 0)
    {
        public override long Size { get => All.Sum(m => m.Size); init { } }
    }

    /// <summary>Ends the use by sessions: the next thing that they do fails.</summary>
    public void Retire()
    {
        lock (_state)
        {
            IsGone = true;
            Signal();
        }
    }

    public void Dispose()
    {
        foreach (var watch in _watches)
            watch.Dispose();
        _new.Dispose();
        _cur.Dispose();
        _tmp.Dispose();
        _directory.Dispose();
    }
}

using Microsoft.Win32.SafeHandles;
using MailStore.Structure;
using MailStore.Text;
using Sasl.Hosting.Unix;

namespace MailStore.Mbox;

/// <summary>
/// A folder as one mbox file. Every look and change holds <see cref="_disk"/> and the file's locks; offsets are valid only while
/// they are held, so texts are copied out before they are handed on. Changes are written from the first changed message on, through
/// <see cref="MboxJournal"/>, so that a crash leaves the old or the new file.
/// </summary>
sealed partial class MboxFolder : ISharedFolder, IDisposable
{
    readonly Lock _disk = new(), _state = new();
    readonly TimeProvider _time;
    readonly MboxStore _store;
    readonly SafeFileHandle _directory, _root;
    readonly string _file;
    readonly Inotify _changes = new();
    readonly StructureCache _structures = new();
    readonly MboxJournal _journal;
    readonly HashSet<uint> _claimed = [];
    List<MboxMessage> _messages = [];
    FileStatus? _read;
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile bool _dirty = true;
    uint _validity, _last;
    long _lastAt;
    int _version;

    /// <param name="directory">Where its file is; the folder closes it.</param>
    /// <param name="root">Where the user may make files, which is not so in /var/mail.</param>
    public MboxFolder(MboxStore store, string name, SafeFileHandle directory, string file, SafeFileHandle root, MboxJournal journal, TimeProvider time)
    {
        (_store, Name, _directory, _file, _root, _journal, _time) = (store, name, directory, file, root, journal, time);
        _changes.Watch(_directory, (name, _) =>
        {
            if (name is null || name == _file)
                Notice();
        }, written: true);
    }

    public string Name { get; }

    /// <summary>Views and writers that use it.</summary>
    public int Users { get; set; }

    public uint UidValidity => _validity;

    public uint UidNext => _last + 1;

    public bool IsGone { get; private set; }

    void Notice()
    {
        lock (_state)
        {
            _dirty = true;
            Signal();
        }
    }

    void Signal()
    {
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }

    public Task ChangedSince(int version)
    {
        lock (_state)
            return _dirty || IsGone || _version != version ? Task.CompletedTask : _changed.Task;
    }

    public (int Version, MessageInfo[] Messages) Snapshot()
    {
        lock (_state)
            return (_version, _messages.ConvertAll(m => m.Info).ToArray());
    }

    public MessageInfo? InfoOf(uint uid)
    {
        lock (_state)
            return _messages.Find(m => m.Uid == uid)?.Info;
    }

    public void Refresh()
    {
        _changes.Drain();
        lock (_disk)
        {
            _dirty = false;
            if (Files.StatusAt(_directory, _file) == _read && _validity != 0 && !_journal.IsPending)
                return;
            using var held = MboxLock.Take(_directory, _file, create: false, _time);
            Read(held);
        }
    }

    /// <summary>Reads the file again if it is another one than before; the caller holds its locks. No file is an empty one.</summary>
    void Read(MboxLock? held)
    {
        if (held is not null)
            _journal.Recover(held.File);
        FileStatus? status = held is null ? null : Files.Status(held.File);
        if (status == _read && _validity != 0)
            return;
        var scanner = new MboxScanner(status?.Modified ?? default);
        if (held is not null && !scanner.Scan(held.File, status!.Value.Size))
            throw new IOException($"{_file} is not an mbox file");
        if (_validity != 0 && scanner.Validity != 0 && scanner.Validity != _validity && _messages.Count > 0)
            Replace();
        lock (_state)
        {
            if (scanner.Validity != 0)
                _validity = scanner.Validity;
            else if (_validity == 0)
                _validity = (uint)_time.GetUtcNow().ToUnixTimeSeconds();
            Adopt(scanner);
            (_read, _last, _lastAt) = (status, Math.Max(_last, scanner.Last), scanner.LastAt);
            _version++;
            Signal();
        }
    }

    void Replace()
    {
        Retire();
        throw new IOException($"the UIDVALIDITY of {Name} changed");
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

    /// <summary>Takes the new list; messages without a UID in the file keep the one they were told under, known by their place.</summary>
    void Adopt(MboxScanner scanner)
    {
        var known = _messages.ToDictionary(m => m.From);
        foreach (var message in scanner.Messages)
        {
            if (!message.UidIsKept && scanner.Validity == 0 && known.GetValueOrDefault(message.From) is { } before && before.Size == message.Size)
                message.Uid = before.Uid;
            message.IsOld |= _claimed.Contains(message.Uid);
            message.Set(message.Info.Flags, message.Info.Keywords);
        }
        var infos = _messages.ToDictionary(m => m.Uid, m => m.Info);
        foreach (var message in scanner.Messages)
            if (infos.GetValueOrDefault(message.Uid) is { } info && info.Flags == message.Info.Flags && info.Size == message.Size
                && info.Keywords.SetEquals(message.Info.Keywords))
                message.Info = info;
        _messages = scanner.Messages;
    }

    public List<uint> ClaimRecent()
    {
        lock (_disk)
        {
            var claimed = _messages.Where(m => !m.IsOld).ToList();
            if (claimed.Count == 0 && _messages.TrueForAll(m => m.UidIsKept))
                return [];
            Change(() =>
            {
                foreach (var message in _messages.Where(m => !m.IsOld))
                    (message.IsOld, _) = (true, _claimed.Add(message.Uid));
                return _messages.FindIndex(m => claimed.Exists(c => c.Uid == m.Uid) || !m.UidIsKept);
            });
            return claimed.ConvertAll(m => m.Uid);
        }
    }

    public List<uint> RecentNow()
    {
        lock (_state)
            return _messages.Where(m => !m.IsOld).Select(m => m.Uid).ToList();
    }

    public FolderStatus Status()
    {
        Refresh();
        lock (_state)
            return new(_messages.Count, _messages.Count(m => !m.IsOld), UidNext, UidValidity,
                _messages.Count(m => (m.Info.Flags & MessageFlags.Seen) == 0), _messages.Sum(m => m.Size));
    }

    public Stream? OpenText(uint uid)
    {
        lock (_disk)
        {
            using var held = MboxLock.Take(_directory, _file, create: false, _time);
            Read(held);
            if (held is null || _messages.Find(m => m.Uid == uid) is not { } message)
                return null;
            var copy = Spool.Create(_root);
            try
            {
                MboxText.CopyOut(held.File, message, copy);
                var length = Files.Status(copy).Size;
                return new CrlfStream(copy, 0, length, CrlfStream.Measure(copy, 0, length));
            }
            catch
            {
                copy.Dispose();
                throw;
            }
        }
    }

    public MessageStructure? StructureOf(uint uid)
    {
        if (_structures.Find(uid) is { } known)
            return known;
        using var text = OpenText(uid);
        if (text is null)
            return null;
        var parsed = StructureParser.Parse(text);
        _structures.Keep(uid, parsed);
        return parsed;
    }

    public void Release() => _store.Release(this);

    public void Dispose()
    {
        Retire();
        _changes.Dispose();
        _directory.Dispose();
    }
}

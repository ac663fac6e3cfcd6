namespace MailStore;

/// <summary>What one session believes of a folder. <see cref="_known"/> are the folder's own objects, <see cref="_shown"/> those with this session's \Recent.</summary>
sealed class MailboxView : IMailboxView
{
    readonly ISharedFolder _folder;
    readonly HashSet<uint> _recent = [];
    List<MessageInfo> _known = [], _shown = [];
    int _version = -1, _recentTold;
    bool _behind, _disposed;

    public MailboxView(ISharedFolder folder, bool readOnly)
    {
        (_folder, IsReadOnly, Folder) = (folder, readOnly, folder.Name);
        Sync(allowExpunge: true);
    }

    public string Folder { get; }

    public bool IsReadOnly { get; }

    public bool IsGone => _folder.IsGone;

    public uint UidValidity => _folder.UidValidity;

    public uint UidNext => _folder.UidNext;

    public IReadOnlyList<MessageInfo> Messages => _shown;

    public ViewChanges Sync(bool allowExpunge)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_folder.IsGone)
            throw new IOException($"the folder {Folder} is gone");
        _folder.Refresh();
        TakeRecent();
        var (version, now) = _folder.Snapshot();
        if (version == _version && !(_behind && allowExpunge))
            return new([], null, null, []);
        _version = version;
        return Compare(now, allowExpunge);
    }

    void TakeRecent()
    {
        foreach (var uid in IsReadOnly ? _folder.RecentNow() : _folder.ClaimRecent())
            _recent.Add(uid);
    }

    ViewChanges Compare(MessageInfo[] now, bool allowExpunge)
    {
        List<MessageInfo> known = new(now.Length), shown = new(now.Length);
        List<int> expunged = [], changed = [];
        _behind = false;
        var next = 0;
        for (var i = 0; i < _known.Count; i++)
        {
            if (next < now.Length && now[next].Uid == _known[i].Uid)
            {
                if (!ReferenceEquals(now[next], _known[i]))
                    changed.Add(known.Count + 1);
                known.Add(now[next]);
                shown.Add(ReferenceEquals(now[next], _known[i]) ? _shown[i] : Show(now[next]));
                next++;
            }
            else if (allowExpunge)
            {
                expunged.Add(known.Count + 1);
                _recent.Remove(_known[i].Uid);
            }
            else
            {
                _behind = true;
                known.Add(_known[i]);
                shown.Add(_shown[i]);
            }
        }
        var before = known.Count;
        for (; next < now.Length; next++)
        {
            known.Add(now[next]);
            shown.Add(Show(now[next]));
        }
        (_known, _shown) = (known, shown);
        var recent = _recent.Count;
        ViewChanges changes = new(expunged, known.Count > before ? known.Count : null, recent != _recentTold ? recent : null, changed);
        _recentTold = recent;
        return changes;
    }

    MessageInfo Show(MessageInfo info) => _recent.Contains(info.Uid) ? info with { Flags = info.Flags | MessageFlags.Recent } : info;

    public Task WaitForChangeAsync(CancellationToken stop) => _folder.ChangedSince(_version).WaitAsync(stop);

    public void Store(IEnumerable<uint> uids, FlagChange change, MessageFlags flags, IReadOnlySet<string> keywords)
    {
        if (IsReadOnly)
            throw new InvalidOperationException("the view is read-only");
        var chosen = uids as IReadOnlyCollection<uint> ?? [.. uids];
        _folder.ChangeFlags(chosen, change, flags, keywords);
        foreach (var uid in chosen)
        {
            var index = IndexOf(uid);
            if (index < 0 || _folder.InfoOf(uid) is not { } info || ReferenceEquals(info, _known[index]))
                continue;
            _known[index] = info;
            _shown[index] = Show(info);
        }
    }

    int IndexOf(uint uid)
    {
        var (low, high) = (0, _known.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_known[middle].Uid == uid)
                return middle;
            (low, high) = _known[middle].Uid < uid ? (middle + 1, high) : (low, middle - 1);
        }
        return -1;
    }

    public void Expunge(IReadOnlyCollection<uint>? uids)
    {
        if (IsReadOnly)
            throw new InvalidOperationException("the view is read-only");
        // Only what this session knows: a message that came with \Deleted since then is not its to remove.
        _folder.Expunge(_known.Select(m => m.Uid).Where(uid => uids is null || uids.Contains(uid)).ToArray());
    }

    public ValueTask<CopyResult?> CopyAsync(IReadOnlyList<uint> uids, string folder, CancellationToken stop) =>
        _folder.CopyAsync(uids.Where(uid => IndexOf(uid) >= 0).ToArray(), folder, stop);

    public Stream? OpenText(uint uid) => _folder.OpenText(uid);

    public MessageStructure? Structure(uint uid) => _folder.StructureOf(uid);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _folder.Release();
    }
}

using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>Noticing what other programs do, and not what we do ourselves.</summary>
sealed partial class MaildirFolder
{
    readonly List<IDisposable> _watches = [];
    readonly List<(string? Name, bool InNew)> _deferred = [];
    int _working;
    bool _watched;

    void Watch()
    {
        if (_store.Changes is not { } changes)
            return;
        try
        {
            _watches.Add(changes.Watch(_new, (name, _) => Notice(name, inNew: true)));
            _watches.Add(changes.Watch(_cur, (name, _) => Notice(name, inNew: false)));
            _watched = true;
        }
        catch (UnixException full)
        {
            // Out of watches (fs.inotify): changes are then found by directory times at each Sync.
            MailStoreLog.NotWatched(_store.Log, Name, full.Message);
        }
    }

    void Notice(string? name, bool inNew)
    {
        lock (_state)
        {
            if (_working > 0)
                _deferred.Add((name, inNew));
            else
                Judge(name, inNew);
        }
    }

    /// <summary>
    /// An event tells only that a name is worth a look: it may be old news. When the name is there and we know it, or is not there
    /// and we do not, nothing happened that the list does not have.
    /// </summary>
    void Judge(string? name, bool inNew)
    {
        // A name that is not text arrives mutilated and cannot be looked up.
        if (name is not null && !name.Contains('\uFFFD') && IsKnown(name, inNew) == Exists(name, inNew))
            return;
        _dirty = true;
        Signal();
    }

    bool IsKnown(string name, bool inNew) =>
        _byBase.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(MessageFileName.BaseOf(name), out var known)
            && known.FileName == name && known.InNew == inNew;

    /// <summary>Null when the disk does not say: the scan will then report what is wrong, not the watching thread.</summary>
    bool? Exists(string name, bool inNew)
    {
        try
        {
            return Files.StatusAt(inNew ? _new : _cur, name) is not null;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Holds <see cref="_disk"/> for changes of our own; events that they cause are judged when the list has them all.</summary>
    Working Work()
    {
        _disk.Enter();
        lock (_state)
            _working++;
        return new(this);
    }

    void EndWork()
    {
        lock (_state)
        {
            if (--_working == 0)
            {
                foreach (var (name, inNew) in _deferred)
                    Judge(name, inNew);
                _deferred.Clear();
            }
        }
        _disk.Exit();
    }

    readonly ref struct Working(MaildirFolder folder)
    {
        public void Dispose() => folder.EndWork();
    }
}

using System.Text;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>Looking at the directories: one pass over names, no look at any file.</summary>
sealed partial class MaildirFolder
{
    // 255 bytes have to hold ":2,", all letters and some that are not ours.
    const int LongestBase = 210;

    (DateTimeOffset New, DateTimeOffset Cur) _scanned;

    /// <summary>Brings the list up to date with the disk, when there is reason to.</summary>
    public void Refresh()
    {
        _store.Changes?.Drain();
        lock (_disk)
        {
            if (!_dirty && (_watched || !TimesChanged()))
                return;
            Scan();
        }
    }

    bool TimesChanged()
    {
        var times = (Files.Status(_new).Modified, Files.Status(_cur).Modified);
        // File times are as coarse as the kernel's tick: a change just now may still be followed by another with the same time.
        return times != _scanned || _time.GetUtcNow() - times.Item1 < _settled || _time.GetUtcNow() - times.Item2 < _settled;
    }

    /// <summary>The caller holds <see cref="_disk"/>.</summary>
    void Scan()
    {
        _dirty = false;
        try
        {
            _scanned = (Files.Status(_new).Modified, Files.Status(_cur).Modified);
            var listed = _uids.Validity != 0 || _uids.Read(Remember);
            if (_keywords.Refresh())
                RebuildInfos();
            var found = new ScanResult();
            ReadDirectories(found);
            if (found.Vanished(_messages, _scan) || _unmatched.Count > 0 && listed && _messages.Count == 0)
                ReadDirectories(found);
            RenameOddNames(found);
            if (found.Unknown.Count > 0 || _uids.Validity == 0)
                Adopt(found);
            DropVanished();
        }
        catch
        {
            _dirty = true;
            throw;
        }
    }

    void Remember(UidRecord record) => _unmatched[record.Base] = record;

    void ReadDirectories(ScanResult found)
    {
        if (!found.Begun)
            _scan++;
        found.Begun = true;
        DirectoryEntries.Visit(_new, (name, type) => See(found, name, type, inNew: true));
        DirectoryEntries.Visit(_cur, (name, type) => See(found, name, type, inNew: false));
    }

    void See(ScanResult found, ReadOnlySpan<byte> raw, EntryType type, bool inNew)
    {
        // Links, pipes and directories are not messages; a name with a dot in front is nobody's message (maildir(5)).
        if (raw[0] == '.' || type is not (EntryType.Regular or EntryType.Unknown))
            return;
        Span<char> chars = stackalloc char[256];
        if (raw.ContainsAnyInRange((byte)0, (byte)0x20) || !TryText(raw, chars, out var length) || raw[0] == ':'
            || (raw.IndexOf((byte)':') is >= 0 and var colon ? colon : raw.Length) > LongestBase)
        {
            found.Odd.Add((raw.ToArray(), inNew));
            return;
        }
        var name = chars[..length];
        if (_byBase.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(MessageFileName.BaseOf(name), out var known))
            SeeKnown(found, known, name, inNew);
        else
            SeeUnknown(found, name.ToString(), inNew, type);
    }

    void SeeUnknown(ScanResult found, string name, bool inNew, EntryType type)
    {
        var baseName = MessageFileName.BaseOf(name).ToString();
        if (found.Unknown.TryGetValue(baseName, out var twin) && (twin.Name, twin.InNew) != (name, inNew)
            && Files.StatusAt(twin.InNew ? _new : _cur, twin.Name) is not null)
            found.Odd.Add((Encoding.UTF8.GetBytes(name), inNew));
        else
            found.Unknown[baseName] = (name, inNew, type);
    }

    static bool TryText(ReadOnlySpan<byte> raw, Span<char> chars, out int length) =>
        System.Text.Unicode.Utf8.ToUtf16(raw, chars, out _, out length, replaceInvalidSequences: false) == System.Buffers.OperationStatus.Done;

    void SeeKnown(ScanResult found, MaildirMessage known, ReadOnlySpan<char> name, bool inNew)
    {
        var same = known.InNew == inNew && name.SequenceEqual(known.FileName);
        if (known.Seen == _scan && !same && Files.StatusAt(inNew ? _new : _cur, name.ToString()) is not null
            && Files.StatusAt(known.InNew ? _new : _cur, known.FileName) is not null)
        {
            found.Odd.Add((Encoding.UTF8.GetBytes(name.ToString()), inNew));
            return;
        }
        known.Seen = _scan;
        if (same)
            return;
        lock (_state)
        {
            (known.FileName, known.InNew) = (name.ToString(), inNew);
            if (Describe(known))
                Touch();
        }
    }

    /// <summary>
    /// A name that is not text or that another file has already is given a new one: the message stays, and the uidlist can hold it.
    /// Two names of one file (a move that was cut off between link and unlink) become one.
    /// </summary>
    void RenameOddNames(ScanResult found)
    {
        foreach (var (raw, inNew) in found.Odd)
        {
            var directory = inNew ? _new : _cur;
            var text = Encoding.UTF8.GetString(raw);
            if (TwinOf(found, text) is { } twin && Files.StatusAt(directory, text) is { } second
                && Files.StatusAt(twin.InNew ? _new : _cur, twin.Name) is { } first && first.Inode == second.Inode)
            {
                if ((text, inNew) != twin)
                    Files.UnlinkAt(directory, text);
                continue;
            }
            var (flags, letters) = MessageFileName.FlagsOf(text);
            var name = _store.Names.Next();
            if (!inNew)
                name = MessageFileName.WithFlags(name, flags, letters);
            try
            {
                DirectoryEntries.RenameNew(directory, raw, directory, name);
                MailStoreLog.Renamed(_store.Log, Name, name);
                found.Unknown[MessageFileName.BaseOf(name).ToString()] = (name, inNew, EntryType.Regular);
            }
            catch (UnixException gone) when (gone.Error == UnixException.ENOENT)
            {
            }
        }
    }

    (string Name, bool InNew)? TwinOf(ScanResult found, string name)
    {
        var baseName = MessageFileName.BaseOf(name).ToString();
        return _byBase.TryGetValue(baseName, out var known) ? (known.FileName, known.InNew)
            : found.Unknown.TryGetValue(baseName, out var other) ? (other.Name, other.InNew) : null;
    }

    void DropVanished()
    {
        lock (_state)
        {
            var gone = _messages.RemoveAll(m => m.Seen != _scan && _byBase.Remove(m.Base));
            if (gone > 0)
                Touch();
        }
    }

    /// <summary>Reads the flags off the file name. True when they are others than before.</summary>
    bool Describe(MaildirMessage message)
    {
        var (flags, letters) = MessageFileName.FlagsOf(message.FileName);
        if (message.Info is not null && message.Info.Flags == flags && message.KeywordLetters == letters)
            return false;
        message.KeywordLetters = letters;
        message.Info = new MaildirInfo(message, flags, _keywords.Names(letters));
        return true;
    }

    void RebuildInfos()
    {
        lock (_state)
        {
            foreach (var message in _messages)
                if (message.KeywordLetters != 0)
                    message.Info = new MaildirInfo(message, message.Info.Flags, _keywords.Names(message.KeywordLetters));
            Touch();
        }
    }

    /// <summary>The list changed; the caller holds <see cref="_state"/>.</summary>
    void Touch()
    {
        Version++;
        Signal();
    }

    sealed class ScanResult
    {
        public bool Begun;
        public readonly Dictionary<string, (string Name, bool InNew, EntryType Type)> Unknown = [];
        public readonly List<(byte[] Raw, bool InNew)> Odd = [];

        public bool Vanished(List<MaildirMessage> messages, int scan)
        {
            foreach (var message in messages)
                if (message.Seen != scan)
                    return true;
            return false;
        }
    }
}

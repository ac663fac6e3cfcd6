using System.Text;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>Files become messages: with the UID that dovecot-uidlist has for them, or with a new one that is written there.</summary>
sealed partial class MaildirFolder
{
    /// <summary>Gives UIDs to files without one, those that another program assigned meanwhile first.</summary>
    void Adopt(ScanResult found)
    {
        foreach (var (baseName, file) in found.Unknown)
            if (file.Type == EntryType.Unknown && Files.StatusAt(file.InNew ? _new : _cur, file.Name) is not { IsRegular: true })
                found.Unknown.Remove(baseName);
        if (_uids.Validity != 0)
            AdoptListed(found);
        if (found.Unknown.Count == 0 && _uids.Validity != 0)
            return;
        using var held = _uids.Lock();
        var readable = ReadUids(found);
        var lines = new StringBuilder();
        var count = 0;
        // maildir names begin with the time of delivery: in their order is in the order of arrival.
        foreach (var (baseName, file) in found.Unknown.OrderBy(f => f.Key, MessageOrder.Instance))
        {
            var message = new MaildirMessage(this, _uids.Assign(), baseName) { IsUnclaimed = true };
            Add(message, file.Name, file.InNew);
            lines.Append(message.Record.ToString());
            count++;
        }
        WriteUids(readable, lines.ToString(), count);
    }

    /// <summary>
    /// Reads what others appended and takes in those messages; the caller holds the lock and may then assign higher UIDs.
    /// Throws when the UIDs became invalid while sessions use them.
    /// </summary>
    bool ReadUids(ScanResult found)
    {
        var (before, listed) = (_uids.Validity, _unmatched.Count);
        var readable = _uids.Read(Remember);
        if (readable && before != 0 && before != _uids.Validity)
        {
            Retire();
            throw new IOException($"the UIDVALIDITY of {Name} changed");
        }
        if (!readable)
            _uids.Begin(_store.NextUidValidity());
        if (_unmatched.Count > listed)
            ReadDirectories(found);
        AdoptListed(found);
        return readable;
    }

    /// <summary>Writes lines of messages that are in the list or among the added; the caller holds the lock.</summary>
    void WriteUids(bool readable, string lines, int count, IEnumerable<UidRecord>? added = null)
    {
        var stale = _uids.Lines + count - _messages.Count;
        if (!readable || stale > 64 && stale * 4 > (_uids.Lines + count) * 3 || !_uids.TryAppend(lines, count))
        {
            _uids.Rewrite(_messages.Select(m => m.Record).Concat(added ?? []));
            _unmatched.Clear();
        }
    }

    void AdoptListed(ScanResult found)
    {
        if (_unmatched.Count == 0)
            return;
        var last = _messages.Count > 0 ? _messages[^1].Uid : 0;
        var listed = new List<(UidRecord Record, string Name, bool InNew)>();
        foreach (var (baseName, file) in found.Unknown)
            if (_unmatched.Remove(baseName, out var record) && record.Uid > last)
                listed.Add((record, file.Name, file.InNew));
        listed.Sort((a, b) => a.Record.Uid.CompareTo(b.Record.Uid));
        foreach (var (record, name, inNew) in listed)
        {
            found.Unknown.Remove(record.Base);
            // Sessions count on ascending UIDs: one that comes late or twice is given a new one.
            if (record.Uid <= last)
            {
                found.Unknown[record.Base] = (name, inNew, EntryType.Regular);
                continue;
            }
            last = record.Uid;
            Add(new MaildirMessage(this, record.Uid, record.Base) { Extras = record.Extras }, name, inNew);
        }
    }

    void Add(MaildirMessage message, string name, bool inNew)
    {
        (message.FileName, message.InNew, message.Seen) = (name, inNew, _scan);
        Describe(message);
        lock (_state)
        {
            _messages.Add(message);
            _byBase[message.Base] = message;
            Touch();
        }
    }
}

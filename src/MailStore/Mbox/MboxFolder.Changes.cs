using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Mbox;

sealed partial class MboxFolder
{
    public void ChangeFlags(IEnumerable<uint> uids, FlagChange change, MessageFlags flags, IReadOnlySet<string> keywords)
    {
        var chosen = uids.ToHashSet();
        lock (_disk)
            Change(() =>
            {
                var first = -1;
                for (var i = 0; i < _messages.Count; i++)
                {
                    var message = _messages[i];
                    if (!chosen.Contains(message.Uid) || !Apply(message, change, flags & ~MessageFlags.Recent, keywords))
                        continue;
                    first = first < 0 ? i : first;
                }
                return first;
            });
    }

    static bool Apply(MboxMessage message, FlagChange change, MessageFlags flags, IReadOnlySet<string> keywords)
    {
        var words = new HashSet<string>(change == FlagChange.Replace ? [] : message.Info.Keywords, StringComparer.OrdinalIgnoreCase);
        if (change == FlagChange.Remove)
            words.ExceptWith(keywords);
        else
            words.UnionWith(keywords.Where(k => k.Length > 0 && !k.Any(c => c is <= ' ' or > '~')));
        var now = change switch
        {
            FlagChange.Add => message.Info.Flags | flags,
            FlagChange.Remove => message.Info.Flags & ~flags,
            _ => flags,
        };
        if (now == message.Info.Flags && words.SetEquals(message.Info.Keywords))
            return false;
        message.Set(now, words);
        return true;
    }

    public void Expunge(IEnumerable<uint> uids)
    {
        var chosen = uids.ToHashSet();
        lock (_disk)
            Change(() =>
            {
                var first = _messages.FindIndex(Goes);
                lock (_state)
                    _messages.RemoveAll(Goes);
                return first;
            });

        bool Goes(MboxMessage message) => chosen.Contains(message.Uid) && (message.Info.Flags & MessageFlags.Deleted) != 0;
    }

    /// <summary>Locks, reads what others did, lets the list be changed and writes it from the message that is told (-1: nothing changed).</summary>
    void Change(Func<int> change)
    {
        using var held = MboxLock.Take(_directory, _file, create: false, _time);
        Read(held);
        if (held is null)
            return;
        var first = change();
        if (first >= 0)
            Write(held, first);
    }

    void Write(MboxLock held, int first)
    {
        // The first message holds UIDVALIDITY and last UID: when they do not stand there yet, it is written, too.
        if (_lastAt == 0 || first == 0)
            first = 0;
        try
        {
            var size = Files.Status(held.File).Size;
            // Behind the last message that stays as it is: what an expunge removed after it goes, too.
            var from = first > 0 ? _messages[first - 1].Next : 0;
            using (var tail = Spool.Create(_root))
            {
                var length = 0L;
                for (var i = first; i < _messages.Count; i++)
                    length = MboxText.CopyWithStatus(held.File, _messages[i], i == 0 ? (_validity, _last) : null, tail, length);
                _journal.Apply(held.File, tail, length, from, size);
            }
            if (_lastAt > 0 && first > 0)
                WriteLast(held.File);
            Files.SyncData(held.File);
        }
        finally
        {
            // The list is read back from what stands there now, whatever happened.
            _read = null;
            Read(held);
        }
    }

    void WriteLast(SafeFileHandle file) =>
        RandomAccess.Write(file, Encoding.ASCII.GetBytes(_last.ToString("0000000000", CultureInfo.InvariantCulture)), _lastAt);

    /// <summary>Appends finished messages, all or none, and returns their UIDs when they are durable.</summary>
    public IReadOnlyList<uint> Append(IReadOnlyList<MboxDelivery> deliveries)
    {
        lock (_disk)
        {
            using var held = MboxLock.Take(_directory, _file, create: true, _time)!;
            Read(held);
            var (size, last) = (Files.Status(held.File).Size, _last);
            var uids = new List<uint>();
            try
            {
                var at = MboxText.EndWithEmptyLine(held.File, size);
                foreach (var delivery in deliveries)
                {
                    var message = new MboxMessage { Uid = ++_last, Date = delivery.Date };
                    message.Set(delivery.Flags, delivery.Keywords);
                    at = MboxText.Deliver(delivery, message, size == 0 && uids.Count == 0 ? (_validity, _last + (uint)deliveries.Count - 1) : null, held.File, at);
                    uids.Add(message.Uid);
                }
                if (size > 0 && _lastAt > 0)
                    WriteLast(held.File);
                Files.Sync(held.File);
                if (size == 0)
                    Files.Sync(_directory);
            }
            catch
            {
                _last = last;
                RandomAccess.SetLength(held.File, size);
                throw;
            }
            Read(held);
            return uids;
        }
    }

    public async ValueTask<CopyResult?> CopyAsync(uint[] uids, string folder, CancellationToken stop)
    {
        if (_store.Use(folder) is not { } target)
            return null;
        var (from, deliveries) = (new List<uint>(), new List<MboxDelivery>());
        try
        {
            foreach (var uid in uids)
            {
                using var text = OpenText(uid);
                if (text is null || InfoOf(uid) is not { } info)
                    continue;
                var delivery = new MboxDelivery(Spool.Create(_root), info.Flags, info.Keywords, info.InternalDate);
                deliveries.Add(delivery);
                await delivery.TakeAsync(text, stop);
                from.Add(uid);
            }
            target.Refresh();
            var to = deliveries.Count == 0 ? [] : target.Append(deliveries);
            return new(target.UidValidity, from, to);
        }
        finally
        {
            _store.Release(target);
            foreach (var delivery in deliveries)
                delivery.Dispose();
        }
    }
}

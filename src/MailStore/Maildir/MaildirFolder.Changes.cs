using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>Flags, expunge, and the move from new/ to cur/: plain renames without any lock, as all maildir programs do them.</summary>
sealed partial class MaildirFolder
{
    public void ChangeFlags(IEnumerable<uint> uids, FlagChange change, MessageFlags flags, IReadOnlySet<string> keywords)
    {
        flags &= ~MessageFlags.Recent;
        using (Work())
        {
            var letters = LettersOf(keywords, add: change != FlagChange.Remove);
            foreach (var uid in uids)
                if (Find(uid) is { } message)
                    Rename(message, m =>
                    {
                        var (old, oldLetters) = MessageFileName.FlagsOf(m.FileName);
                        return change switch
                        {
                            FlagChange.Add => (old | flags, oldLetters | letters),
                            FlagChange.Remove => (old & ~flags, oldLetters & ~letters),
                            _ => (flags, letters),
                        };
                    });
        }
    }

    uint LettersOf(IReadOnlySet<string> keywords, bool add)
    {
        var letters = _keywords.Letters(keywords, mayAdd: false, out var missing);
        if (!missing || !add)
            return letters;
        using var held = _uids.Lock();
        return _keywords.Letters(keywords, mayAdd: true, out _);
    }

    /// <summary>Moves messages out of new/ as the first session that may change the folder sees them; returns their UIDs, which are \Recent to it.</summary>
    public List<uint> ClaimRecent()
    {
        var claimed = new List<uint>();
        using (Work())
        {
            foreach (var message in _messages.Where(m => m.IsRecent).ToArray())
            {
                if (message.InNew && !Rename(message, m => MessageFileName.FlagsOf(m.FileName)))
                    continue;
                message.IsUnclaimed = false;
                claimed.Add(message.Uid);
            }
        }
        return claimed;
    }

    public List<uint> RecentNow()
    {
        lock (_state)
            return _messages.Where(m => m.IsRecent).Select(m => m.Uid).ToList();
    }

    /// <summary>Renames to cur/ with the flags that the function makes of the present name.</summary>
    bool Rename(MaildirMessage message, Func<MaildirMessage, (MessageFlags, uint)> flags) =>
        WithFile(message, (directory, name) =>
        {
            var (wanted, letters) = flags(message);
            var target = MessageFileName.WithFlags(name, wanted, letters);
            if (target == name && directory == _cur)
                return true;
            // RENAME_NOREPLACE would be safer against a doubled name, but the base is the message's own, so a target can only be its twin.
            Files.RenameAt(directory, name, _cur, target);
            lock (_state)
            {
                (message.FileName, message.InNew) = (target, false);
                if (Describe(message))
                    Touch();
            }
            return true;
        }, out var done) && done;

    public void Expunge(IEnumerable<uint> uids)
    {
        using (Work())
        {
            var chosen = uids.Select(Find).OfType<MaildirMessage>().ToArray();
            var removed = new HashSet<MaildirMessage>();
            foreach (var message in chosen)
                if ((message.Info.Flags & MessageFlags.Deleted) != 0 && Unlink(message))
                    removed.Add(message);
            Forget(removed);
        }
    }

    bool Unlink(MaildirMessage message)
    {
        // False when it was gone already: the scan that looked for it has dropped it from the list.
        return WithFile(message, static (directory, name) =>
            Files.UnlinkAt(directory, name) ? true : throw new UnixException("unlink", UnixException.ENOENT), out _);
    }

    void Forget(HashSet<MaildirMessage> removed)
    {
        if (removed.Count == 0)
            return;
        lock (_state)
        {
            _messages.RemoveAll(m => removed.Contains(m) && _byBase.Remove(m.Base));
            Touch();
        }
    }
}

using System.Text;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>A finished file in tmp/ and what it will be.</summary>
sealed record Finished(string Temporary, string Base, MessageFlags Flags, IReadOnlySet<string> Keywords, long Size);

/// <summary>Messages that this process adds.</summary>
sealed partial class MaildirFolder
{
    /// <summary>
    /// Makes finished files visible, all or none, and returns their UIDs. The uidlist is written before the rename: a crash in
    /// between leaves a line without a file, which is harmless, never a message that another one's UID could go to.
    /// </summary>
    public IReadOnlyList<MaildirMessage> Publish(IReadOnlyList<Finished> files)
    {
        using (Work())
        {
            var letters = files.Select(f => LettersOf(f.Keywords, add: true)).ToArray();
            using var held = _uids.Lock();
            var found = new ScanResult();
            var readable = ReadUids(found);
            var messages = files.Select(f => new MaildirMessage(this, _uids.Assign(), f.Base) { Size = f.Size, SizeIsMeasured = true, IsUnclaimed = true }).ToArray();
            WriteUids(readable, string.Concat(messages.Select(m => m.Record.ToString())), messages.Length, messages.Select(m => m.Record));
            var done = 0;
            try
            {
                for (; done < files.Count; done++)
                    Place(files[done], messages[done], letters[done]);
            }
            catch
            {
                for (; done > 0; done--)
                    Withdraw([messages[done - 1]]);
                throw;
            }
            // Others' new files that the pass over the directories saw still need their UIDs.
            _dirty |= found.Unknown.Count > 0 || found.Odd.Count > 0;
            return messages;
        }
    }

    // maildir(5): a message that nobody has seen and that has no flags goes to new/.
    void Place(Finished file, MaildirMessage message, uint letters)
    {
        var flags = file.Flags & ~MessageFlags.Recent;
        var inNew = flags == MessageFlags.None && letters == 0;
        var name = inNew ? file.Base : MessageFileName.WithFlags(file.Base, flags, letters);
        Add(message, name, inNew);
        try
        {
            Files.RenameNewAt(_tmp, file.Temporary, inNew ? _new : _cur, name);
        }
        catch
        {
            Forget([message]);
            throw;
        }
    }

    /// <summary>Takes back what was published and could not be made durable.</summary>
    public void Withdraw(IReadOnlyList<MaildirMessage> messages)
    {
        using (Work())
        {
            foreach (var message in messages)
                Unlink(message);
            Forget([.. messages]);
        }
    }

    /// <summary>Returns when the names and UIDs of published messages will survive a power cut.</summary>
    public async Task MakeDurableAsync(IReadOnlyList<MaildirMessage> messages)
    {
        try
        {
            List<Task> syncs = [_syncUids.RunAsync()];
            if (messages.Any(m => m.InNew))
                syncs.Add(_syncNew.RunAsync());
            // A session may have moved it from new/ to cur/ already.
            if (messages.Any(m => !m.InNew))
                syncs.Add(_syncCur.RunAsync());
            await Task.WhenAll(syncs);
        }
        catch
        {
            Withdraw(messages);
            throw;
        }
    }
}

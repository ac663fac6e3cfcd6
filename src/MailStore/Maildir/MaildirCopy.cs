using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>Copies messages by a second name for each file (link), by bytes where the file system has no links. All or none.</summary>
static class MaildirCopy
{
    public static async ValueTask<CopyResult?> RunAsync(MaildirStore store, MaildirFolder source, uint[] uids, string folder, CancellationToken stop)
    {
        if (store.Use(folder) is not { } target)
            return null;
        List<Finished> made = [];
        try
        {
            List<uint> from = [];
            foreach (var uid in uids)
            {
                stop.ThrowIfCancellationRequested();
                if (source.Find(uid) is not { } message || await DuplicateAsync(store, source, message, target, stop) is not { } file)
                    continue;
                made.Add(file);
                from.Add(uid);
            }
            if (made.Count == 0)
                return new(target.UidValidity, [], []);
            var copies = target.Publish(made);
            made.Clear();
            await target.MakeDurableAsync(copies);
            return new(target.UidValidity, from, [.. copies.Select(c => c.Uid)]);
        }
        finally
        {
            foreach (var file in made)
                Files.UnlinkAt(target.Tmp, file.Temporary);
            store.Release(target);
        }
    }

    static async ValueTask<Finished?> DuplicateAsync(
        MaildirStore store, MaildirFolder source, MaildirMessage message, MaildirFolder target, CancellationToken stop)
    {
        var name = store.Names.Next();
        var linked = source.TryLink(message, target.Tmp, name);
        if (linked is null)
            return null;
        if (linked == false)
        {
            using var text = source.OpenRaw(message);
            if (text is null)
                return null;
            using var copy = Files.OpenAt(target.Tmp, name, Files.WriteOnly | Files.Create | Files.Exclusive, 0x180);
            try
            {
                await CopyBytesAsync(text, copy, stop);
                File.SetLastWriteTimeUtc(copy, message.Date.UtcDateTime);
                await Task.Run(() => Files.Sync(copy), stop);
            }
            catch
            {
                Files.UnlinkAt(target.Tmp, name);
                throw;
            }
        }
        // RFC 3501 §6.4.7: flags and internal date are kept.
        if (Files.StatusAt(target.Tmp, name) is not { IsRegular: true } status)
        {
            Files.UnlinkAt(target.Tmp, name);
            return null;
        }
        return new(name, $"{name},S={status.Size},W={message.Size}", message.Info.Flags, message.Info.Keywords, message.Size);
    }

    static async ValueTask CopyBytesAsync(Microsoft.Win32.SafeHandles.SafeFileHandle from, Microsoft.Win32.SafeHandles.SafeFileHandle to, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        var at = 0L;
        int count;
        while ((count = await RandomAccess.ReadAsync(from, buffer, at, stop)) > 0)
        {
            await RandomAccess.WriteAsync(to, buffer.AsMemory(0, count), at, stop);
            at += count;
        }
    }
}

// The queue on disk.
//
//   incoming/ID   a message being written. Whatever is here at a start was never acknowledged: it is removed.
//   queue/ID      a whole message: envelope and text (EnvelopeFormat). Durable before anybody hears 250.
//   queue/ID.j    its journal, once something has happened to it.
//   corrupt/ID    what could not be read as a message; kept for a person to look at.
//
// Invariants:
//  * A file enters queue/ by one rename, after its content is on disk; the directory is synced before the 250.
//  * A file leaves queue/ only when every recipient is done; the message goes first, the journal after it, so that a crash between
//    the two cannot make done recipients look new.
//  * The time of the next attempt is the message file's modification time: a scan needs no memory per waiting message.
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailServers.Queue.Store;

/// <summary>The directory that holds the queue. Thread-safe; one process owns it.</summary>
sealed class QueueDirectory : IDisposable
{
    const string JournalSuffix = ".j";

    readonly SafeFileHandle _incoming, _queue, _corrupt, _lock;
    readonly string _queuePath;
    readonly QueueId _ids;
    readonly TimeProvider _time;

    QueueDirectory(string path, TimeProvider time)
    {
        _time = time;
        _ids = new(time);
        _queuePath = Path.Combine(path, "queue");
        Directory.CreateDirectory(path);
        using var root = Files.OpenDirectory(path);
        foreach (var name in (ReadOnlySpan<string>)["incoming", "queue", "corrupt"])
            Files.MakeDirectoryAt(root, name, 0x1C0);
        _lock = Files.OpenAt(root, "lock", Files.ReadWrite | Files.Create, 0x180);
        if (!Files.TryLock(_lock))
            throw new IOException($"another process owns the queue {path}");
        _incoming = Files.OpenDirectoryAt(root, "incoming");
        _queue = Files.OpenDirectoryAt(root, "queue");
        _corrupt = Files.OpenDirectoryAt(root, "corrupt");
        Files.Sync(root);
        Commits = new(_queue);
    }

    public GroupCommit Commits { get; }

    /// <summary>Takes the queue over: throws IOException when another process has it. Removes what a crash left half-written.</summary>
    public static QueueDirectory Open(string path, TimeProvider time)
    {
        var queue = new QueueDirectory(path, time);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(path, "incoming")))
            Files.UnlinkAt(queue._incoming, Path.GetFileName(file));
        foreach (var file in Directory.EnumerateFiles(queue._queuePath, "*" + JournalSuffix))
        {
            if (!File.Exists(file[..^JournalSuffix.Length]))
                Files.UnlinkAt(queue._queue, Path.GetFileName(file));
        }
        QueueMetrics.Messages.Add(queue.Scan().LongCount());
        return queue;
    }

    /// <summary>Begins a message. IOException: the disk does not want it.</summary>
    public IncomingMessage Create(Envelope envelope)
    {
        while (true)
        {
            var id = _ids.Next();
            if (File.Exists(Path.Combine(_queuePath, id)))
                continue;
            try
            {
                var file = Files.OpenAt(_incoming, id, Files.ReadWrite | Files.Create | Files.Exclusive, 0x180);
                return new(this, id, envelope, file);
            }
            catch (UnixException taken) when (taken.Error == UnixException.EEXIST)
            {
                // The clock was set back; the next id is another one.
            }
        }
    }

    /// <summary>Makes an incoming file a message of the queue, durable when this completes.</summary>
    internal Task PublishAsync(string id, SafeFileHandle file) => Commits.CommitAsync(file, () =>
    {
        Files.RenameNewAt(_incoming, id, _queue, id);
        QueueMetrics.Messages.Add(1);
    });

    internal void Abandon(string id) => Files.UnlinkAt(_incoming, id);

    /// <summary>Messages and when each is due, in no order, streamed from the directory.</summary>
    public IEnumerable<(string Id, DateTimeOffset Due, long Size)> Scan()
    {
        foreach (var file in new DirectoryInfo(_queuePath).EnumerateFiles())
        {
            if (!QueueId.IsOne(file.Name))
                continue;
            (DateTimeOffset, long) facts;
            try
            {
                facts = (file.LastWriteTimeUtc, file.Length);
            }
            catch (FileNotFoundException)
            {
                continue;
            }
            yield return (file.Name, facts.Item1, facts.Item2);
        }
    }

    /// <summary>Reads a message's envelope and journal. Null when it is gone; a damaged one is set aside and is null too.</summary>
    public QueuedMessage? Load(string id, out bool damaged)
    {
        damaged = false;
        try
        {
            using var file = new FileStream(Files.OpenAt(_queue, id, Files.ReadOnly), FileAccess.Read, 1);
            if (EnvelopeFormat.Read(file) is not var (envelope, offset))
            {
                damaged = true;
                Files.RenameAt(_queue, id, _corrupt, id);
                QueueMetrics.Messages.Add(-1);
                return null;
            }
            var message = new QueuedMessage(id, envelope, offset, file.Length - offset);
            if (TryOpen(id + JournalSuffix, Files.ReadOnly) is { } journal)
            {
                using (journal)
                {
                    var (entries, length) = Journal.Read(journal);
                    entries.ForEach(message.Apply);
                    message.JournalLength = length;
                }
            }
            return message;
        }
        catch (UnixException gone) when (gone.Error == UnixException.ENOENT)
        {
            return null;
        }
    }

    /// <summary>Notes a change, durable when the task completes. The message object and the file are changed before this returns; hold its gate.</summary>
    public async Task RecordAsync(QueuedMessage message, JournalEntry entry)
    {
        var line = Journal.Write(entry);
        using var journal = Files.OpenAt(_queue, message.Id + JournalSuffix, Files.ReadWrite | Files.Create, 0x180);
        // What a crash left behind the last whole line must not stand between it and the new one.
        if (RandomAccess.GetLength(journal) != message.JournalLength)
            RandomAccess.SetLength(journal, message.JournalLength);
        RandomAccess.Write(journal, line, message.JournalLength);
        message.JournalLength += line.Length;
        message.Apply(entry);
        await Commits.CommitAsync(journal, null);
    }

    /// <summary>Sets when the message shall be tried next.</summary>
    public void Defer(string id, DateTimeOffset due) => File.SetLastWriteTimeUtc(Path.Combine(_queuePath, id), due.UtcDateTime);

    /// <summary>Everybody has it, or knows why not.</summary>
    public void Remove(string id)
    {
        if (Files.UnlinkAt(_queue, id))
            QueueMetrics.Messages.Add(-1);
        Files.UnlinkAt(_queue, id + JournalSuffix);
    }

    /// <summary>The text of a message, from its first header line.</summary>
    public FileStream OpenText(QueuedMessage message)
    {
        var file = new FileStream(Files.OpenAt(_queue, message.Id, Files.ReadOnly), FileAccess.Read, 1);
        file.Position = message.TextOffset;
        return file;
    }

    /// <summary>What the file system still has for us.</summary>
    public long FreeBytes => new DriveInfo(_queuePath).AvailableFreeSpace;

    public DateTimeOffset Now => _time.GetUtcNow();

    public void Dispose()
    {
        Commits.Dispose();
        foreach (var handle in (ReadOnlySpan<SafeFileHandle>)[_incoming, _queue, _corrupt, _lock])
            handle.Dispose();
    }

    SafeFileHandle? TryOpen(string name, int flags)
    {
        try
        {
            return Files.OpenAt(_queue, name, flags);
        }
        catch (UnixException gone) when (gone.Error == UnixException.ENOENT)
        {
            return null;
        }
    }
}

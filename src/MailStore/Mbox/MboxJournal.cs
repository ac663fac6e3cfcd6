using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Mbox;

/// <summary>
/// Writes over the end of the mbox so that a crash loses nothing: the new end is made durable beside it first, and written again
/// when it was found half done. (The file cannot be replaced by rename: its user may not make files in /var/mail.)
/// Layout: inode, offset, length, old size, each 8 bytes; then the text.
/// </summary>
/// <param name="root">A directory where the user may make files.</param>
/// <param name="fileName">Its name there; with a dot in front, so that no program takes it for a mailbox.</param>
sealed class MboxJournal(SafeFileHandle root, string fileName)
{
    const int HeaderSize = 32;

    public bool IsPending { get; private set; } = true;

    public void Apply(SafeFileHandle mbox, SafeFileHandle tail, long length, long offset, long oldSize)
    {
        var temporary = $"{fileName}.{Environment.ProcessId}";
        Files.UnlinkAt(root, temporary);
        try
        {
            using (var journal = Files.OpenAt(root, temporary, Files.ReadWrite | Files.Create | Files.Exclusive, 0x180))
            {
                Span<byte> header = stackalloc byte[HeaderSize];
                long[] numbers = [(long)Files.Status(mbox).Inode, offset, length, oldSize];
                for (var i = 0; i < numbers.Length; i++)
                    BinaryPrimitives.WriteInt64LittleEndian(header[(8 * i)..], numbers[i]);
                RandomAccess.Write(journal, header, 0);
                MboxText.Copy(tail, 0, length, journal, HeaderSize);
                Files.Sync(journal);
            }
            Files.RenameAt(root, temporary, root, fileName);
            Files.Sync(root);
        }
        catch
        {
            Files.UnlinkAt(root, temporary);
            throw;
        }
        IsPending = true;
        Recover(mbox);
    }

    /// <summary>Finishes what a journal says; the caller holds the mbox's locks.</summary>
    public void Recover(SafeFileHandle mbox)
    {
        if (!IsPending)
            return;
        try
        {
            using var journal = Files.OpenAt(root, fileName, Files.ReadOnly | Files.NonBlocking);
            Span<byte> header = stackalloc byte[HeaderSize];
            if (RandomAccess.Read(journal, header, 0) == HeaderSize)
                Replay(journal, mbox, BinaryPrimitives.ReadInt64LittleEndian(header), BinaryPrimitives.ReadInt64LittleEndian(header[8..]),
                    BinaryPrimitives.ReadInt64LittleEndian(header[16..]), BinaryPrimitives.ReadInt64LittleEndian(header[24..]));
        }
        catch (UnixException none) when (none.Error is UnixException.ENOENT or UnixException.ELOOP)
        {
            IsPending = false;
            return;
        }
        Files.UnlinkAt(root, fileName);
        IsPending = false;
    }

    static void Replay(SafeFileHandle journal, SafeFileHandle mbox, long inode, long offset, long length, long oldSize)
    {
        var size = Files.Status(mbox).Size;
        // Another file, or one that is shorter than it was: the truncation, the last step, was done.
        if ((long)Files.Status(mbox).Inode != inode || size < oldSize || Files.Status(journal).Size < HeaderSize + length)
            return;
        // What others appended since the crash goes behind the new end.
        using var later = new MemoryStream();
        if (size > oldSize)
        {
            var appended = new byte[size - oldSize];
            RandomAccess.Read(mbox, appended, oldSize);
            later.Write(appended);
        }
        var end = MboxText.Copy(journal, HeaderSize, HeaderSize + length, mbox, offset);
        RandomAccess.Write(mbox, later.ToArray(), end);
        RandomAccess.SetLength(mbox, end + later.Length);
        Files.SyncData(mbox);
    }
}

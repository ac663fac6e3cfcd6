using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>Control files: read whole with a limit, replaced whole by rename, never opened through a link.</summary>
static class SmallFile
{
    /// <summary>The content, or null when there is no regular file of that name or it is larger than the limit.</summary>
    public static byte[]? Read(SafeFileHandle directory, string name, int limit)
    {
        try
        {
            using var handle = Files.OpenAt(directory, name, Files.ReadOnly | Files.NonBlocking);
            return ReadRest(handle, 0, limit);
        }
        catch (UnixException missing) when (missing.Error is UnixException.ENOENT or UnixException.ELOOP)
        {
            return null;
        }
    }

    public static byte[]? ReadRest(SafeFileHandle handle, long from, int limit)
    {
        var status = Files.Status(handle);
        if (!status.IsRegular || status.Size - from > limit)
            return null;
        var content = new byte[Math.Max(0, status.Size - from)];
        var count = 0;
        while (count < content.Length && RandomAccess.Read(handle, content.AsSpan(count), from + count) is > 0 and var more)
            count += more;
        return count == content.Length ? content : content[..count];
    }

    /// <summary>Replaces the file: temporary file, fdatasync, rename.</summary>
    public static FileStatus Replace(SafeFileHandle directory, string name, ReadOnlySpan<byte> content)
    {
        var temporary = $"{name}.tmp{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        Files.UnlinkAt(directory, temporary);
        using var handle = Files.OpenAt(directory, temporary, Files.WriteOnly | Files.Create | Files.Exclusive, 0x180);
        try
        {
            RandomAccess.Write(handle, content, 0);
            Files.SyncData(handle);
            Files.RenameAt(directory, temporary, directory, name);
            return Files.Status(handle);
        }
        catch
        {
            Files.UnlinkAt(directory, temporary);
            throw;
        }
    }
}

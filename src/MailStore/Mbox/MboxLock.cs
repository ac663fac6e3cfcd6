using Microsoft.Win32.SafeHandles;
using MailStore.Maildir;
using Sasl.Hosting.Unix;

namespace MailStore.Mbox;

/// <summary>
/// The open mbox file with both locks that mbox programs use: first fcntl, then the dot lock (where the directory lets this user make
/// files: /var/mail usually does not). Debian's programs take them in that order, others in the other: whoever holds one and cannot
/// have the second lets the first go, so that nobody waits for a lock while he holds one. The fcntl lock belongs to the process and is
/// lost at any close of the file, so only one of these may live at a time.
/// </summary>
sealed class MboxLock : IDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    readonly DotLock? _dot;

    MboxLock(SafeFileHandle file, DotLock? dot) => (File, _dot) = (file, dot);

    public SafeFileHandle File { get; }

    /// <summary>Null when the file is missing and is not to be made.</summary>
    public static MboxLock? Take(SafeFileHandle directory, string name, bool create, TimeProvider time)
    {
        var began = time.GetTimestamp();
        for (var pause = 5; ; pause = Math.Min(pause * 2, 40))
        {
            SafeFileHandle file;
            try
            {
                file = Files.OpenAt(directory, name, Files.ReadWrite | Files.NonBlocking | (create ? Files.Create : 0), 0x180);
            }
            catch (UnixException missing) when (missing.Error == UnixException.ENOENT && !create)
            {
                return null;
            }
            if (TryTake(directory, name, file, time) is { } taken)
                return taken;
            if (time.GetElapsedTime(began) > _patience)
                throw new IOException($"{name} is locked by another program");
            Thread.Sleep(pause);
        }
    }

    /// <summary>Closes the file when it cannot have both.</summary>
    static MboxLock? TryTake(SafeFileHandle directory, string name, SafeFileHandle file, TimeProvider time)
    {
        MboxLock? taken = null;
        try
        {
            // A second name would be somebody else's file (Postfix refuses it, too).
            if (Files.Status(file) is not { IsRegular: true, Links: 1 })
                throw new IOException($"{name} is not an ordinary file with one name");
            if (Files.TryRecordLock(file) && TryDot(directory, name, time, out var dot))
                taken = new(file, dot);
            return taken;
        }
        finally
        {
            if (taken is null)
                file.Dispose();
        }
    }

    /// <summary>True without a lock where none can be made.</summary>
    static bool TryDot(SafeFileHandle directory, string name, TimeProvider time, out DotLock? dot)
    {
        const int EROFS = 30;
        dot = null;
        try
        {
            dot = DotLock.TryTake(directory, name, time);
            return dot is not null;
        }
        catch (UnixException refused) when (refused.Error is UnixException.EACCES or UnixException.EPERM or EROFS)
        {
            return true;
        }
    }

    public void Dispose()
    {
        File.Dispose();
        _dot?.Dispose();
    }
}

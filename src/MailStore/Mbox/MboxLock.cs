using Microsoft.Win32.SafeHandles;
using MailStore.Maildir;
using Sasl.Hosting.Unix;

namespace MailStore.Mbox;

/// <summary>
/// The open mbox file with both locks that mbox programs use: first the dot lock (where the directory lets this user make files:
/// /var/mail usually does not), then fcntl. The fcntl lock belongs to the process and is lost at any close of the file, so only one
/// of these may live at a time.
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
        var dot = TakeDot(directory, name, time);
        SafeFileHandle? file = null;
        try
        {
            file = Files.OpenAt(directory, name, Files.ReadWrite | Files.NonBlocking | (create ? Files.Create : 0), 0x180);
            // A second name would be somebody else's file (Postfix refuses it, too).
            if (Files.Status(file) is not { IsRegular: true, Links: 1 })
                throw new IOException($"{name} is not an ordinary file with one name");
            var began = time.GetTimestamp();
            while (!Files.TryRecordLock(file))
            {
                if (time.GetElapsedTime(began) > _patience)
                    throw new IOException($"{name} is locked by another program");
                Thread.Sleep(20);
            }
            return new(file, dot);
        }
        catch (UnixException missing) when (missing.Error == UnixException.ENOENT && !create)
        {
            dot?.Dispose();
            return null;
        }
        catch
        {
            file?.Dispose();
            dot?.Dispose();
            throw;
        }
    }

    static DotLock? TakeDot(SafeFileHandle directory, string name, TimeProvider time)
    {
        const int EROFS = 30;
        try
        {
            return DotLock.Take(directory, name, time);
        }
        catch (UnixException refused) when (refused.Error is UnixException.EACCES or UnixException.EPERM or EROFS)
        {
            return null;
        }
    }

    public void Dispose()
    {
        File.Dispose();
        _dot?.Dispose();
    }
}

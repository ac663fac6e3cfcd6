using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>
/// A lock that other mail programs understand: the file NAME.lock, which holds "pid:host" from its first moment on, so that a crash
/// never leaves one that tells nothing of its holder. It is overridden when its process on this host is gone or nobody touched it for
/// two minutes.
/// </summary>
sealed class DotLock : IDisposable
{
    static readonly TimeSpan _stale = TimeSpan.FromSeconds(120), _patience = TimeSpan.FromSeconds(60);

    readonly SafeFileHandle _directory;
    readonly string _name;
    readonly ulong _inode;

    DotLock(SafeFileHandle directory, string name, ulong inode) => (_directory, _name, _inode) = (directory, name, inode);

    /// <summary>Waits for the lock. <see cref="IOException"/> when somebody holds it for a minute.</summary>
    public static DotLock Take(SafeFileHandle directory, string file, TimeProvider time)
    {
        var began = time.GetTimestamp();
        for (var pause = 1; ; pause = Math.Min(pause * 2, 50))
        {
            if (TryTake(directory, file, time) is { } taken)
                return taken;
            if (time.GetElapsedTime(began) > _patience)
                throw new IOException($"{file}.lock is held by another program");
            Thread.Sleep(pause);
        }
    }

    /// <summary>Null when another program holds it.</summary>
    public static DotLock? TryTake(SafeFileHandle directory, string file, TimeProvider time)
    {
        var name = file + ".lock";
        while (true)
        {
            try
            {
                using var handle = Make(directory, name);
                return new DotLock(directory, name, Files.Status(handle).Inode);
            }
            catch (UnixException taken) when (taken.Error == UnixException.EEXIST)
            {
                if (!Override(directory, name, time))
                    return null;
            }
        }
    }

    static SafeFileHandle Make(SafeFileHandle directory, string name)
    {
        const int EISDIR = 21, EOPNOTSUPP = 95;
        SafeFileHandle? handle = null;
        try
        {
            handle = Files.OpenUnnamedAt(directory);
            WriteHolder(handle);
            Files.LinkOpenAt(handle, directory, name);
            return handle;
        }
        catch (UnixException unknown) when (handle is null && unknown.Error is EISDIR or EOPNOTSUPP)
        {
            // A file system that has no files without names: the lock tells its holder a moment later.
            handle = Files.OpenAt(directory, name, Files.WriteOnly | Files.Create | Files.Exclusive, 0x180);
            WriteHolder(handle);
            return handle;
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    static void WriteHolder(SafeFileHandle file) => RandomAccess.Write(file, Encoding.UTF8.GetBytes($"{Environment.ProcessId}:{Environment.MachineName}"), 0);

    static bool Override(SafeFileHandle directory, string name, TimeProvider time)
    {
        if (Files.StatusAt(directory, name) is not { } found)
            return true;
        if (time.GetUtcNow() - found.Modified < _stale && (!found.IsRegular || HolderLives(directory, name)))
            return false;
        // Two waiters may see the same stale lock: the file is moved aside and looked at again, so that none removes the other's new lock.
        var aside = $"{name}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        try
        {
            Files.RenameAt(directory, name, directory, aside);
            if (Files.StatusAt(directory, aside) is { } moved && moved.Inode != found.Inode)
                Files.RenameNewAt(directory, aside, directory, name);
            else
                Files.UnlinkAt(directory, aside);
            return true;
        }
        catch (UnixException raced) when (raced.Error is UnixException.ENOENT or UnixException.EEXIST)
        {
            return true;
        }
    }

    static bool HolderLives(SafeFileHandle directory, string name)
    {
        try
        {
            using var handle = Files.OpenAt(directory, name, Files.ReadOnly | Files.NonBlocking);
            Span<byte> content = stackalloc byte[300];
            var text = Encoding.UTF8.GetString(content[..RandomAccess.Read(handle, content, 0)]);
            var colon = text.IndexOf(':');
            return colon <= 0 || text[(colon + 1)..].TrimEnd() != Environment.MachineName
                || !int.TryParse(text.AsSpan(0, colon), NumberStyles.None, null, out var pid)
                || pid == Environment.ProcessId || !Directory.Exists("/proc/self") || Directory.Exists($"/proc/{pid}");
        }
        catch (UnixException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        // A lock that was overridden meanwhile is somebody else's now.
        if (Files.StatusAt(_directory, _name) is { } found && found.Inode == _inode)
            Files.UnlinkAt(_directory, _name);
    }
}

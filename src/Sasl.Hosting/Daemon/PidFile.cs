using System.Text;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace Sasl.Hosting.Daemon;

/// <summary>A pid file, write-locked for the life of the process: a second daemon on the same file is told so and harms nothing.</summary>
public sealed class PidFile : IDisposable
{
    readonly string _path;
    readonly SafeFileHandle _handle;

    PidFile(string path, SafeFileHandle handle) => (_path, _handle) = (path, handle);

    /// <summary>Takes the pid file, or returns null when a running process holds it.</summary>
    public static PidFile? TryTake(string path)
    {
        using var directory = Files.OpenDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var handle = Open(directory, path);
        while (Files.TryRecordLock(handle))
        {
            if (Files.StatusAt(directory, Path.GetFileName(path))?.Inode == Files.Status(handle).Inode)
                return Written(path, handle);
            // A daemon that was ending has removed the file after it was opened here: the lock is on a file that nobody else will see.
            handle.Dispose();
            handle = Open(directory, path);
        }
        handle.Dispose();
        return null;
    }

    static SafeFileHandle Open(SafeFileHandle directory, string path) =>
        Files.OpenAt(directory, Path.GetFileName(path), Files.ReadWrite | Files.Create, 0x180);

    static PidFile Written(string path, SafeFileHandle handle)
    {
        RandomAccess.SetLength(handle, 0);
        RandomAccess.Write(handle, Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"), 0);
        return new PidFile(path, handle);
    }

    public void Dispose()
    {
        File.Delete(_path);
        _handle.Dispose();
    }
}

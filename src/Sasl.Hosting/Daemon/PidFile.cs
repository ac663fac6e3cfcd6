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
        var handle = Files.OpenAt(directory, Path.GetFileName(path), Files.ReadWrite | Files.Create, 0x180);
        if (!Files.TryRecordLock(handle))
        {
            handle.Dispose();
            return null;
        }
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

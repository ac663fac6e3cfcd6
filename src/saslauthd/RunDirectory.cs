using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Unix;

namespace Saslauthd;

/// <summary>The directory of -m: the socket "mux" and the locked pid file that makes this daemon the only one there.</summary>
sealed class RunDirectory : IDisposable
{
    readonly PidFile _pidFile;
    ulong? _socketInode;

    RunDirectory(string path, PidFile pidFile) => (SocketPath, _pidFile) = (System.IO.Path.Combine(path, "mux"), pidFile);

    public string SocketPath { get; }

    /// <summary>Makes the directory, 0755, when only it is missing, and takes the lock before anything in it is touched.</summary>
    public static (RunDirectory? Taken, StartRefusal? Refusal) Take(string path)
    {
        // The socket is bound under a name with the process id first. Cyrus cuts too long a name and reports success.
        if (Encoding.UTF8.GetByteCount(System.IO.Path.Combine(path, "mux.")) + 10 > UnixSockets.LongestPath)
            return (null, new($"the path of the run directory is too long for a socket: {path}", 1));
        try
        {
            if (!Directory.Exists(path))
            {
                if (!Directory.Exists(System.IO.Path.GetDirectoryName(path.TrimEnd('/'))))
                    return (null, new($"can not mkdir: {path}: No such file or directory", 1));
                Directory.CreateDirectory(path);
                File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
            }
            return PidFile.TryTake(System.IO.Path.Combine(path, "saslauthd.pid")) is { } pidFile
                ? (new(path, pidFile), null)
                : (null, new("Another instance of saslauthd is currently running", 2));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (null, new($"{path}: {failure.Message}", 1));
        }
    }

    /// <summary>Anybody may connect who may enter the directory: that is where access is decided, as ever.</summary>
    public (Socket? Listener, StartRefusal? Refusal) Listen()
    {
        try
        {
            var listener = UnixSockets.Listen(SocketPath, mode: 0x1FF);
            _socketInode = Files.Status(SocketPath)?.Inode;
            return (listener, null);
        }
        catch (Exception failure) when (failure is IOException or SocketException or UnauthorizedAccessException)
        {
            return (null, new($"{SocketPath}: {failure.Message}", 1));
        }
    }

    /// <summary>The socket goes first, if it is still ours: whoever finds the lock free finds no socket.</summary>
    public void Dispose()
    {
        if (_socketInode is { } inode && Files.Status(SocketPath)?.Inode == inode)
            File.Delete(SocketPath);
        _pidFile.Dispose();
    }
}

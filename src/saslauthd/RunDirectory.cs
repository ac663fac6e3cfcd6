using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd;

/// <summary>The directory of -m: the sockets "mux", "metrics" and "control", and the locked pid file that makes this daemon the only one there.</summary>
sealed class RunDirectory : IDisposable
{
    readonly PidFile _pidFile;
    readonly Dictionary<string, ulong?> _inodes = [];

    RunDirectory(string path, PidFile pidFile) => (SocketPath, MetricsPath, ControlPath, _pidFile) =
        (System.IO.Path.Combine(path, "mux"), System.IO.Path.Combine(path, "metrics"), System.IO.Path.Combine(path, ControlClient.SocketName), pidFile);

    public string SocketPath { get; }

    public string MetricsPath { get; }

    public string ControlPath { get; }

    /// <summary>Makes the directory, 0755, when only it is missing, and takes the lock before anything in it is touched.</summary>
    public static (RunDirectory? Taken, StartRefusal? Refusal) Take(string path)
    {
        // The socket is bound under a name with the process id first. Cyrus cuts too long a name and reports success.
        if (Encoding.UTF8.GetByteCount(System.IO.Path.Combine(path, "metrics.")) + 10 > UnixSockets.LongestPath)
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
    /// <param name="handed">What the service manager has bound already: then it must be that socket, and it stays when the daemon ends.</param>
    public (Socket? Listener, StartRefusal? Refusal) Listen(IReadOnlyList<Socket> handed)
    {
        if (handed.Count == 0)
            return Listen(SocketPath, 0x1FF);
        return handed is [var socket] && UnixSockets.IsListeningOn(socket, SocketPath) ? (socket, null)
            : (null, new($"{SocketPath} is not what the service manager has handed over: one stream socket is expected, with ListenStream={SocketPath}", 1));
    }

    /// <summary>How many have which password right is for this daemon's own user only.</summary>
    public (Socket? Listener, StartRefusal? Refusal) ListenForMetrics() => Listen(MetricsPath, 0x180);

    /// <summary>For root and this daemon's own user: statistics, the memory of successes, explanations.</summary>
    public (Socket? Listener, StartRefusal? Refusal) ListenForControl() => Listen(ControlPath, 0x180);

    /// <summary>The sockets go first, those that are still ours: whoever finds the lock free finds no socket.</summary>
    public void Dispose()
    {
        foreach (var (path, inode) in _inodes)
        {
            if (inode is not null && Files.Status(path)?.Inode == inode)
                File.Delete(path);
        }
        _pidFile.Dispose();
    }

    (Socket? Listener, StartRefusal? Refusal) Listen(string path, uint mode)
    {
        try
        {
            var listener = UnixSockets.Listen(path, mode);
            _inodes[path] = Files.Status(path)?.Inode;
            return (listener, null);
        }
        catch (Exception failure) when (failure is IOException or SocketException or UnauthorizedAccessException)
        {
            return (null, new($"{path}: {failure.Message}", 1));
        }
    }
}

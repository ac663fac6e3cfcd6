using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>Listening and connecting on Unix stream sockets with the mode and owner that the configuration names.</summary>
public static partial class UnixSockets
{
    /// <summary>The longest path that fits a sockaddr_un, in bytes.</summary>
    public const int LongestPath = 107;

    /// <summary>Five seconds in all: a server that accepts nobody for so long hangs.</summary>
    const int BacklogAttempts = 250;

    static readonly TimeSpan BacklogPause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Binds a listening socket. A stale socket file is replaced; one that a process still serves, and a file of another kind, is left alone
    /// and an error: starting a second daemon never takes the first one's clients away.
    /// The socket gets its mode and owner before it is given its public name, so nobody can connect too early.
    /// </summary>
    public static Socket Listen(string path, uint mode, uint? uid = null, uint? gid = null, int backlog = 512, SocketType type = SocketType.Stream)
    {
        if (Files.Status(path) is { IsSocket: false })
            throw new IOException($"{path} exists and is not a socket");
        if (IsServed(path, type))
            throw new IOException($"{path} is in use by another process");
        var temporary = $"{path}.{Environment.ProcessId}";
        File.Delete(temporary);
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(temporary));
            Files.ChangeMode(temporary, mode);
            if (uid is not null || gid is not null)
                Files.ChangeOwner(temporary, uid ?? uint.MaxValue, gid ?? uint.MaxValue);
            socket.Listen(backlog);
            File.Move(temporary, path, overwrite: true);
            return socket;
        }
        catch
        {
            socket.Dispose();
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>
    /// Connects. A full backlog is EAGAIN at once on a Unix socket, however quickly the server is about to accept: then again, for a while.
    /// </summary>
    public static async ValueTask<Socket> ConnectAsync(string path, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
                return socket;
            }
            catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock && attempt < BacklogAttempts)
            {
                socket.Dispose();
                await Task.Delay(BacklogPause, stop);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>Whether this is a listening stream socket that is to be found under that path (or under another name of the same directory: /var/run is /run).</summary>
    public static bool IsListeningOn(Socket socket, string path)
    {
        const int solSocket = 1, acceptConn = 30;
        Span<byte> listens = stackalloc byte[4];
        socket.GetRawSocketOption(solSocket, acceptConn, listens);
        return MemoryMarshal.Read<int>(listens) != 0 && socket is { AddressFamily: AddressFamily.Unix, SocketType: SocketType.Stream }
            && socket.LocalEndPoint?.ToString() is { } bound && Files.Status(path) is { IsSocket: true } there && Files.Status(bound)?.Inode == there.Inode;
    }

    /// <summary>
    /// Whether the peer has closed its end altogether, not only its sending side: read as an end of file both look the same.
    /// </summary>
    public static unsafe bool HasHungUp(Socket socket)
    {
        const short pollHup = 0x10;
        var added = false;
        socket.SafeHandle.DangerousAddRef(ref added);
        try
        {
            var entry = new PollEntry { Descriptor = (int)socket.SafeHandle.DangerousGetHandle() };
            return poll(&entry, 1, 0) > 0 && (entry.Returned & pollHup) != 0;
        }
        finally
        {
            if (added)
                socket.SafeHandle.DangerousRelease();
        }
    }

    struct PollEntry
    {
        public int Descriptor;
        public short Wanted, Returned;
    }

    [LibraryImport("libc")]
    private static unsafe partial int poll(PollEntry* entries, nuint count, int timeout);

    static bool IsServed(string path, SocketType type)
    {
        // Not blocking: a full backlog (EAGAIN) is somebody who is there and busy.
        using var probe = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.WouldBlock;
        }
    }
}

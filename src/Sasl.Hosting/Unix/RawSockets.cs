using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>
/// The socket calls themselves, never waiting: for an <see cref="Epoll"/> loop of one's own, where a connection lives for one short exchange and .NET's
/// sockets would cost several times the work itself. A negative result is an errno.
/// </summary>
public static unsafe partial class RawSockets
{
    const int DontWait = 0x40, NoSignal = 0x4000, CloseOnExec = 0x80000, NonBlocking = 0x800, Write = 1, Both = 2;

    /// <summary>The next connection, close-on-exec and non-blocking; null with the errno when there is none (EAGAIN) or no descriptor for it (EMFILE).</summary>
    public static Descriptor? Accept(SafeHandle listener, out int error)
    {
        var number = accept4(listener, null, null, CloseOnExec | NonBlocking);
        error = number < 0 ? Marshal.GetLastPInvokeError() : 0;
        return number < 0 ? null : new Descriptor(number);
    }

    /// <summary>Takes the descriptor out of a .NET socket, which is of no use any more.</summary>
    public static Descriptor Own(System.Net.Sockets.Socket socket)
    {
        var number = (int)socket.Handle;
        socket.SafeHandle.SetHandleAsInvalid();
        return new Descriptor(number);
    }

    /// <summary>The number of bytes, 0 at the end, or -errno.</summary>
    public static int Receive(SafeHandle socket, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            var count = (int)recv(socket, p, (nuint)buffer.Length, DontWait);
            return count < 0 ? -Marshal.GetLastPInvokeError() : count;
        }
    }

    /// <summary>The number of bytes taken, or -errno. A peer that has gone is EPIPE, no signal.</summary>
    public static int Send(SafeHandle socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            var count = (int)send(socket, p, (nuint)bytes.Length, DontWait | NoSignal);
            return count < 0 ? -Marshal.GetLastPInvokeError() : count;
        }
    }

    /// <summary>Nothing more will be sent; what the peer sends can still be read.</summary>
    public static void EndSending(SafeHandle socket) => _ = shutdown(socket, Write);

    /// <summary>Neither direction goes on; the descriptor stays open.</summary>
    public static void End(SafeHandle socket) => _ = shutdown(socket, Both);

    /// <summary>Who connected, as the kernel says it (SO_PEERCRED).</summary>
    public static PeerCredentials PeerOf(SafeHandle socket)
    {
        var raw = stackalloc uint[3];
        var length = 3u * sizeof(uint);
        return getsockopt(socket, SolSocket, PeerCred, raw, &length) == 0 ? new((int)raw[0], raw[1], raw[2]) : throw UnixException.Last("getsockopt(SO_PEERCRED)");
    }

    /// <summary>The supplementary groups of the process that connected (SO_PEERGROUPS).</summary>
    public static uint[] GroupsOf(SafeHandle socket)
    {
        var groups = new uint[MostGroups];
        var length = (uint)groups.Length * sizeof(uint);
        fixed (uint* p = groups)
            return getsockopt(socket, SolSocket, PeerGroups, p, &length) == 0 ? groups[..(int)(length / sizeof(uint))] : throw UnixException.Last("getsockopt(SO_PEERGROUPS)");
    }

    const int SolSocket = 1, PeerCred = 17, PeerGroups = 59, MostGroups = 65536;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(SafeHandle socket, int level, int option, void* value, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(SafeHandle listener, void* address, void* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(SafeHandle socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeHandle socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc")]
    private static partial int shutdown(SafeHandle socket, int how);
}

using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sasl.Hosting.Unix;

/// <summary>Who is on the other end of a Unix socket, as the kernel says it (SO_PEERCRED).</summary>
public readonly record struct PeerCredentials(int Pid, uint Uid, uint Gid);

/// <summary>Descriptor passing (SCM_RIGHTS), socket pairs and peer credentials.</summary>
public static partial class Descriptors
{
    public static PeerCredentials PeerOf(Socket socket)
    {
        Span<byte> raw = stackalloc byte[12];
        socket.GetRawSocketOption(1, 17, raw);
        return new(MemoryMarshal.Read<int>(raw), MemoryMarshal.Read<uint>(raw[4..]), MemoryMarshal.Read<uint>(raw[8..]));
    }

    /// <summary>
    /// Marks everything above standard error close-on-exec. Who started this program may have left descriptors open; no child, and no
    /// command of a user's, may inherit them. Kernels before 5.11 do not know the flag: there the descriptors stay as they are.
    /// </summary>
    public static void KeepFromChildren() => _ = close_range(3, uint.MaxValue, CloseRangeCloexec);

    /// <summary>Two connected Unix sockets, close-on-exec.</summary>
    public static unsafe (Socket, Socket) Pair(SocketType type)
    {
        var fds = stackalloc int[2];
        if (socketpair(1, (type == SocketType.Seqpacket ? 5 : 1) | 0x80000, 0, fds) != 0)
            throw UnixException.Last("socketpair");
        return (new Socket(new SafeSocketHandle(fds[0], true)), new Socket(new SafeSocketHandle(fds[1], true)));
    }

    /// <summary>Sends one packet with at most one descriptor; waits while the socket is full.</summary>
    public static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> payload, SafeHandle? descriptor, CancellationToken stop)
    {
        while (true)
        {
            if (SendOnce(socket, payload.Span, descriptor) is not { } error)
                return;
            if (error is not (UnixException.EAGAIN or UnixException.EINTR))
                throw new UnixException("sendmsg", error);
            // A full SEQPACKET socket has no awaitable "writable" in .NET short of a send; the peer drains it in microseconds.
            await Task.Delay(1, stop);
        }
    }

    /// <summary>
    /// Receives one packet and the descriptor that came with it. Zero bytes is the end of the connection.
    /// More than one descriptor, or a truncated packet, is an error and closes what was received.
    /// </summary>
    public static async ValueTask<(int Count, SafeFileHandle? Descriptor)> ReceiveAsync(Socket socket, Memory<byte> buffer, CancellationToken stop)
    {
        while (true)
        {
            var (count, descriptor, error) = ReceiveOnce(socket, buffer.Span);
            if (count >= 0)
                return (count, descriptor);
            if (error is not (UnixException.EAGAIN or UnixException.EINTR))
                throw new UnixException("recvmsg", error);
            await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, stop);
        }
    }

    static unsafe int? SendOnce(Socket socket, ReadOnlySpan<byte> payload, SafeHandle? descriptor)
    {
        var added = false;
        descriptor?.DangerousAddRef(ref added);
        try
        {
            fixed (byte* p = payload)
            {
                IoVector vector = new() { Base = p, Length = (nuint)payload.Length };
                ControlMessage control = default;
                MessageHeader message = new() { Vectors = &vector, VectorCount = 1 };
                if (descriptor is not null)
                {
                    control = new() { Length = 20, Level = 1, Type = 1, First = (int)descriptor.DangerousGetHandle() };
                    message.Control = &control;
                    message.ControlLength = 24;
                }
                return sendmsg(socket.SafeHandle, &message, 0x4000 | 0x40) < 0 ? Marshal.GetLastPInvokeError() : null;
            }
        }
        finally
        {
            if (added)
                descriptor!.DangerousRelease();
        }
    }

    static unsafe (int Count, SafeFileHandle? Descriptor, int Error) ReceiveOnce(Socket socket, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            IoVector vector = new() { Base = p, Length = (nuint)buffer.Length };
            ControlMessage control = default;
            MessageHeader message = new()
            {
                Vectors = &vector, VectorCount = 1, Control = &control, ControlLength = (nuint)sizeof(ControlMessage),
            };
            var count = (int)recvmsg(socket.SafeHandle, &message, 0x40000000 | 0x40);
            if (count < 0)
                return (-1, null, Marshal.GetLastPInvokeError());
            var descriptors = message.ControlLength >= 20 && control is { Level: 1, Type: 1 } ? (int)(control.Length - 16) / 4 : 0;
            if (descriptors == 2)
                new SafeFileHandle(control.Second, true).Dispose();
            var first = descriptors >= 1 ? new SafeFileHandle(control.First, true) : null;
            if (descriptors > 1 || (message.Flags & (0x20 | 0x08)) != 0)
            {
                first?.Dispose();
                throw new InvalidDataException("packet truncated or with more than one descriptor");
            }
            return (count, first, 0);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    unsafe struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    unsafe struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct ControlMessage
    {
        public nuint Length;
        public int Level, Type, First, Second;
    }

    const int CloseRangeCloexec = 4;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close_range(uint first, uint last, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int socketpair(int domain, int type, int protocol, int* fds);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint sendmsg(SafeHandle socket, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint recvmsg(SafeHandle socket, MessageHeader* message, int flags);
}

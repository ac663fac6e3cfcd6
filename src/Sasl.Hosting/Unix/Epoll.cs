using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>What has become of a descriptor.</summary>
[Flags]
public enum DescriptorEvents : uint
{
    None = 0,

    /// <summary>There is something to read, or the end.</summary>
    Readable = 1,

    /// <summary>There is room to write. Told only to who asks for it.</summary>
    Writable = 4,

    Error = 8,

    /// <summary>Both directions are closed.</summary>
    HungUp = 0x10,

    /// <summary>The peer sends no more.</summary>
    ReadClosed = 0x2000,
}

/// <summary>The descriptors of one thread, and which of them has something to say (epoll(7)). Adding is safe from any thread, waiting is for one.</summary>
public sealed unsafe partial class Epoll : IDisposable
{
    const int CloseOnExec = 0x80000, Add = 1, Delete = 2, Modify = 3, Most = 64, NonBlocking = 0x800;
    const uint EdgeTriggered = 1u << 31, Watched = (uint)(DescriptorEvents.Readable | DescriptorEvents.ReadClosed);

    /// <summary>The key under which <see cref="Wake"/> is reported.</summary>
    public const ulong Woken = ulong.MaxValue;

    readonly Descriptor _epoll = Checked(epoll_create1(CloseOnExec), "epoll_create");
    readonly Descriptor _wake = Checked(eventfd(0, CloseOnExec | NonBlocking), "eventfd");
    /// <summary>struct epoll_event is packed on x86-64 and nowhere else.</summary>
    static readonly int _keyAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    static readonly int _size = _keyAt + sizeof(ulong);

    readonly byte[] _events = new byte[Most * _size];

    public Epoll() => Watch(_wake, Woken, everyTime: false);

    /// <summary>Reports the descriptor under a key until it is closed.</summary>
    /// <param name="everyTime">While there is something to read; else only when more has come.</param>
    public void Watch(SafeHandle descriptor, ulong key, bool everyTime) => Control(Add, descriptor, key, Watched | (everyTime ? 0 : EdgeTriggered));

    /// <summary>The same with another wish, for one that is told only of what is new.</summary>
    public void Rewatch(SafeHandle descriptor, ulong key, bool isForWriting) =>
        Control(Modify, descriptor, key, Watched | EdgeTriggered | (isForWriting ? (uint)DescriptorEvents.Writable : 0));

    /// <summary>Of a descriptor that stays open; closing one is enough else.</summary>
    public void Unwatch(SafeHandle descriptor)
    {
        if (epoll_ctl(_epoll, Delete, descriptor, null) != 0)
            throw UnixException.Last("epoll_ctl");
    }

    /// <summary>Waits. The result is valid until the next call; empty when the time is over.</summary>
    /// <param name="milliseconds">-1: for ever.</param>
    public int Wait(int milliseconds)
    {
        fixed (byte* events = _events)
        {
            var count = epoll_wait(_epoll, events, Most, milliseconds);
            if (count < 0 && Marshal.GetLastPInvokeError() != UnixException.EINTR)
                throw UnixException.Last("epoll_wait");
            return Math.Max(count, 0);
        }
    }

    /// <summary>One of those that the last <see cref="Wait"/> found.</summary>
    public (ulong Key, DescriptorEvents Events) this[int index]
    {
        get
        {
            var one = _events.AsSpan(index * _size, _size);
            return (MemoryMarshal.Read<ulong>(one[_keyAt..]), (DescriptorEvents)MemoryMarshal.Read<uint>(one));
        }
    }

    /// <summary>Ends the wait, from any thread.</summary>
    public void Wake()
    {
        ulong one = 1;
        _ = write(_wake, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _wake.Dispose();
    }

    void Control(int operation, SafeHandle descriptor, ulong key, uint events)
    {
        var what = stackalloc byte[16];
        *(uint*)what = events;
        *(ulong*)(what + _keyAt) = key;
        if (epoll_ctl(_epoll, operation, descriptor, what) != 0)
            throw UnixException.Last("epoll_ctl");
    }

    static Descriptor Checked(int number, string call) => number >= 0 ? new Descriptor(number) : throw UnixException.Last(call);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(SafeHandle epoll, int operation, SafeHandle descriptor, byte* what);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(SafeHandle epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    private static partial nint write(SafeHandle descriptor, void* bytes, nuint count);
}

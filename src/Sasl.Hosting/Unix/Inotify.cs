using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sasl.Hosting.Unix;

/// <summary>
/// Told of a change in a watched directory. A null name means that anything may have happened (queue overflow, directory gone).
/// Must be quick and must not call <see cref="Inotify"/>.
/// </summary>
public delegate void DirectoryChanged(string? name, bool appeared);

/// <summary>
/// One inotify descriptor and one thread for any number of directories and subscribers (FileSystemWatcher takes a descriptor and a thread
/// for each, and the kernel allows a user 128: a process that serves many makes one of these and shares it). The kernel queues an event before the call that caused it returns, so <see cref="Drain"/> sees
/// every change that was complete when it was called.
/// </summary>
public sealed unsafe partial class Inotify : IDisposable
{
    const uint Written = 0x8, MovedFrom = 0x40, MovedTo = 0x80, Created = 0x100, Deleted = 0x200, Overflow = 0x4000, Ignored = 0x8000, AddToMask = 0x20000000;

    readonly Lock _gate = new();
    readonly Dictionary<int, List<Subscription>> _watches = [];
    readonly Thread _thread;
    readonly SafeFileHandle _queue, _wakeRead, _wakeWrite;

    /// <summary>Null, with the reason, when the kernel has no instance to give to this user.</summary>
    public static Inotify? TryCreate(out string problem)
    {
        try
        {
            problem = "";
            return new Inotify();
        }
        catch (UnixException full)
        {
            problem = full.Message;
            return null;
        }
    }

    public Inotify()
    {
        var fd = inotify_init1(0x80000 | 0x800);
        _queue = fd >= 0 ? new SafeFileHandle(fd, true) : throw UnixException.Last("inotify_init1");
        var ends = stackalloc int[2];
        if (pipe2(ends, 0x80000) != 0)
            throw UnixException.Last("pipe2");
        (_wakeRead, _wakeWrite) = (new SafeFileHandle(ends[0], true), new SafeFileHandle(ends[1], true));
        _thread = new Thread(Run, 128 * 1024) { IsBackground = true, Name = "inotify" };
        _thread.Start();
    }

    /// <summary>Watches for names that appear in or leave a directory.</summary>
    /// <param name="written">Also tells of files that somebody wrote to and closed (as appeared).</param>
    /// <returns>Ends the watching when it is disposed.</returns>
    public IDisposable Watch(SafeHandle directory, DirectoryChanged changed, bool written = false)
    {
        var added = false;
        directory.DangerousAddRef(ref added);
        try
        {
            // A watch registered under the lock cannot miss its first event: Drain waits for the lock.
            lock (_gate)
            {
                var watch = inotify_add_watch(_queue, $"/proc/self/fd/{directory.DangerousGetHandle()}", 
                    MovedFrom | MovedTo | Created | Deleted | AddToMask | (written ? Written : 0));
                if (watch < 0)
                    throw UnixException.Last("inotify_add_watch");
                // The kernel has one watch for a directory, whoever asks.
                if (!_watches.TryGetValue(watch, out var subscriptions))
                    _watches[watch] = subscriptions = [];
                var subscription = new Subscription(this, watch, changed, written);
                subscriptions.Add(subscription);
                return subscription;
            }
        }
        finally
        {
            if (added)
                directory.DangerousRelease();
        }
    }

    void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue(subscription.Watch, out var subscriptions) || !subscriptions.Remove(subscription) || subscriptions.Count > 0)
                return;
            _watches.Remove(subscription.Watch);
            _ = inotify_rm_watch(_queue, subscription.Watch);
        }
    }

    /// <summary>Delivers what is queued, without waiting. Returns when every change before the call has been told.</summary>
    public void Drain()
    {
        const int size = 16384;
        var buffer = stackalloc byte[size];
        // Callbacks run under the lock: whoever waits here must not go on while another thread holds untold events.
        lock (_gate)
        {
            if (_queue.IsClosed)
                return;
            nint count;
            while ((count = read(_queue, buffer, size)) > 0)
                for (var at = buffer; at < buffer + count; at += 16 + *(uint*)(at + 12))
                    Tell(at);
        }
    }

    void Tell(byte* at)
    {
        var mask = *(uint*)(at + 4);
        if ((mask & Overflow) != 0)
        {
            foreach (var each in _watches.Values.SelectMany(static s => s))
                each.Changed(null, true);
            return;
        }
        if (!_watches.TryGetValue(*(int*)at, out var subscriptions))
            return;
        if ((mask & Ignored) != 0)
        {
            _watches.Remove(*(int*)at);
            foreach (var each in subscriptions)
                each.Changed(null, false);
            return;
        }
        var name = *(uint*)(at + 12) == 0 ? null : Marshal.PtrToStringUTF8((nint)(at + 16));
        foreach (var each in subscriptions)
        {
            if (each.IsToldOfWrites || (mask & Written) == 0)
                each.Changed(name, (mask & (MovedTo | Created | Written)) != 0);
        }
    }

    void Run()
    {
        var waiting = stackalloc Poll[2];
        waiting[0] = new() { Descriptor = (int)_queue.DangerousGetHandle(), Wanted = 1 };
        waiting[1] = new() { Descriptor = (int)_wakeRead.DangerousGetHandle(), Wanted = 1 };
        while (true)
        {
            waiting[0].Got = waiting[1].Got = 0;
            if (poll(waiting, 2, -1) < 0 && Marshal.GetLastPInvokeError() != UnixException.EINTR)
                break;
            if (waiting[1].Got != 0)
                break;
            if (waiting[0].Got != 0)
                Drain();
        }
        // The thread uses the descriptors by number, so it is the one to close them.
        lock (_gate)
        {
            _watches.Clear();
            _queue.Dispose();
        }
        _wakeRead.Dispose();
    }

    /// <summary>Returns when the kernel's instance is free again. Not to be called from a <see cref="DirectoryChanged"/>.</summary>
    public void Dispose()
    {
        _wakeWrite.Dispose();
        _thread.Join();
    }

    sealed class Subscription(Inotify owner, int watch, DirectoryChanged changed, bool isToldOfWrites) : IDisposable
    {
        public int Watch => watch;

        public DirectoryChanged Changed => changed;

        public bool IsToldOfWrites => isToldOfWrites;

        public void Dispose() => owner.Remove(this);
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Poll
    {
        public int Descriptor;
        public short Wanted, Got;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(SafeHandle queue, string path, uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_rm_watch(SafeHandle queue, int watch);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeHandle file, byte* buffer, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(Poll* waiting, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);
}

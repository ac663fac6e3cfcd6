using System.Runtime.InteropServices;
using Sasl.Hosting.Unix;

namespace Sasl.Hosting.Net;

/// <summary>Something with a descriptor that an <see cref="EventLoop"/> watches.</summary>
public interface IWatched
{
    /// <summary>On the loop's thread; must not block.</summary>
    void OnEvents(DescriptorEvents events);
}

/// <summary>
/// One thread that hears all of a small server's sockets. For exchanges of some microseconds, where a change of threads would cost more than the work. What is
/// watched is let go with <see cref="Forget"/> before its descriptor is closed.
/// </summary>
public sealed class EventLoop : IDisposable
{
    readonly Epoll _epoll = new();
    readonly Lock _gate = new();
    /// <summary>By key; a key is used once, so that a late event of a closed descriptor finds nobody.</summary>
    readonly Dictionary<ulong, IWatched> _watched = [];
    readonly List<Action> _posted = [];
    ulong _lastKey;
    Thread? _thread;
    volatile bool _isStopping;

    EventLoop()
    {
    }

    /// <summary>How often <see cref="Tick"/> comes while <see cref="NeedsTicks"/> says so, in milliseconds.</summary>
    public const int TickInterval = 100;

    /// <summary>On the loop's thread, for deadlines.</summary>
    public event Action? Tick;

    /// <summary>How many there were.</summary>
    public long Ticks { get; private set; }

    /// <summary>Whether there is anything with a deadline: without, the loop sleeps until something comes.</summary>
    public Func<bool> NeedsTicks { get; set; } = () => true;

    /// <summary>An exception that a watched object let through: a bug; the loop goes on.</summary>
    public event Action<Exception>? Failed;

    public ulong Watch(SafeHandle descriptor, IWatched watched, bool everyTime = false)
    {
        ulong key;
        lock (_gate)
        {
            key = ++_lastKey;
            _watched[key] = watched;
        }
        _epoll.Watch(descriptor, key, everyTime);
        return key;
    }

    /// <summary>Tells it also, or no more, when it can be written to.</summary>
    public void Rewatch(ulong key, SafeHandle descriptor, bool isForWriting) => _epoll.Rewatch(descriptor, key, isForWriting);

    public void Forget(ulong key)
    {
        lock (_gate)
            _watched.Remove(key);
    }

    /// <summary>The same for a descriptor that stays open.</summary>
    public void Unwatch(ulong key, SafeHandle descriptor)
    {
        Forget(key);
        _epoll.Unwatch(descriptor);
    }

    /// <summary>Runs it on the loop's thread, soon.</summary>
    public void Post(Action action)
    {
        lock (_gate)
            _posted.Add(action);
        _epoll.Wake();
    }

    /// <summary>A loop on a thread of its own.</summary>
    public static EventLoop Start(string name, Action<Exception> failed)
    {
        var loop = new EventLoop();
        loop.Failed += failed;
        loop._thread = new Thread(loop.Run, 1 << 20) { IsBackground = true, Name = name };
        loop._thread.Start();
        return loop;
    }

    void Run()
    {
        var nextTick = Environment.TickCount64 + TickInterval;
        while (!_isStopping)
        {
            var count = _epoll.Wait(NeedsTicks() ? (int)Math.Clamp(nextTick - Environment.TickCount64, 0, TickInterval) : -1);
            for (var i = 0; i < count; i++)
            {
                var (key, events) = _epoll[i];
                if (key == Epoll.Woken)
                    RunPosted();
                else if (Find(key) is { } watched)
                    Call(watched, events);
            }
            if (Environment.TickCount64 < nextTick)
                continue;
            nextTick = Environment.TickCount64 + TickInterval;
            Ticks++;
            Guard(() => Tick?.Invoke());
        }
    }

    public void Dispose()
    {
        _isStopping = true;
        _epoll.Wake();
        // Who ends it may have been called by it.
        if (_thread != Thread.CurrentThread)
            _thread?.Join();
        _epoll.Dispose();
    }

    IWatched? Find(ulong key)
    {
        lock (_gate)
            return _watched.GetValueOrDefault(key);
    }

    void Call(IWatched watched, DescriptorEvents events)
    {
        try
        {
            watched.OnEvents(events);
        }
        catch (Exception bug)
        {
            Failed?.Invoke(bug);
        }
    }

    void RunPosted()
    {
        Action[] actions;
        lock (_gate)
        {
            actions = [.. _posted];
            _posted.Clear();
        }
        foreach (var action in actions)
            Guard(action);
    }

    void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception bug)
        {
            Failed?.Invoke(bug);
        }
    }
}

using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;

namespace Saslauthd.Requests;

/// <summary>The socket "mux": accepts, and knows every connection until it is closed.</summary>
sealed class MuxServer : IWatched
{
    /// <summary>Those in the backlog when the daemon ends are still accepted, this many of them.</summary>
    const int MostAtEnd = 4096;

    static readonly TimeSpan StarvedInterval = TimeSpan.FromSeconds(10);

    /// <summary>Replies between two looks at who has closed meanwhile.</summary>
    const int MostAnswered = 16;

    const long MostGarbage = 2 << 20;

    readonly HashSet<MuxConnection> _connections = [];
    readonly List<MuxConnection> _answered = [];
    readonly Lock _gate = new();
    readonly Func<Reception> _reception;
    Socket? _listener;
    ulong _key;
    long? _starvedAt;
    bool _isStarved;
    long _collectedAt;

    /// <param name="reception">That of now; a connection keeps to the one that it came to.</param>
    public MuxServer(EventLoop loop, Func<Reception> reception, SilentConnections silent, ILogger log, TimeProvider time)
    {
        (Loop, _reception, Silent, Log, Time) = (loop, reception, silent, log, time);
        loop.Tick += Tick;
    }

    public EventLoop Loop { get; }

    public SilentConnections Silent { get; }

    public ILogger Log { get; }

    TimeProvider Time { get; }

    /// <summary>Connections that are not closed yet.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _connections.Count;
        }
    }

    /// <summary>There is something to be done at the next tick.</summary>
    public bool NeedsTicks => _isStarved || Count > 0;

    /// <summary>Accepts from now on.</summary>
    public void Listen(Socket listener)
    {
        listener.Blocking = false;
        _listener = listener;
        _key = Loop.Watch(listener.SafeHandle, this, everyTime: true);
    }

    /// <summary>
    /// Takes what is waiting to be accepted and nothing more, lets those go who say nothing, and completes when the others have their answers. On the loop's thread.
    /// </summary>
    public void Finish()
    {
        if (_listener is not { } listener)
            return;
        _listener = null;
        Loop.Forget(_key);
        for (var i = 0; i < MostAtEnd && Accept(listener) == 0; i++)
        {
        }
        listener.Dispose();
        EndAnswered();
        // What has come is taken, also when nobody has heard of it yet.
        foreach (var connection in Connections())
            connection.OnEvents(DescriptorEvents.None);
        Silent.DropAll();
    }

    /// <summary>One at a time: the loop says so again while there are more, and the others have their turn in between.</summary>
    public void OnEvents(DescriptorEvents events)
    {
        if (_listener is { } listener && Accept(listener) is UnixException.EMFILE or UnixException.ENFILE)
            Starve(listener);
    }

    /// <summary>
    /// The client has its reply and will close in a moment. To be woken by each that does would cost as much as the request: they are looked at some at a time, and only
    /// who is still there then is waited for.
    /// </summary>
    public void Linger(MuxConnection connection)
    {
        lock (_gate)
        {
            _answered.Add(connection);
            if (_answered.Count != MostAnswered)
                return;
        }
        Loop.Post(EndAnswered);
    }

    public void Forget(MuxConnection connection)
    {
        lock (_gate)
        {
            if (!_connections.Remove(connection))
                return;
        }
        ConnectionMetrics.Active.Add(-1);
    }

    /// <summary>Serves a connected socket.</summary>
    public void Adopt(Descriptor socket)
    {
        var connection = new MuxConnection(socket, _reception(), this);
        lock (_gate)
            _connections.Add(connection);
        ConnectionMetrics.Accepted();
        ConnectionMetrics.Active.Add(1);
        connection.Begin();
    }

    /// <summary>0 or the errno.</summary>
    int Accept(Socket listener)
    {
        if (RawSockets.Accept(listener.SafeHandle, out var error) is { } socket)
            Adopt(socket);
        return error;
    }

    /// <summary>No descriptor: the connections wait in the backlog until the next tick. Asking again at once would only burn the processor.</summary>
    void Starve(Socket listener)
    {
        _isStarved = true;
        Loop.Unwatch(_key, listener.SafeHandle);
        if (_starvedAt is { } at && Time.GetElapsedTime(at) < StarvedInterval)
            return;
        _starvedAt = Time.GetTimestamp();
        Log.Starved();
    }

    void Tick()
    {
        EndAnswered();
        Silent.Sweep();
        WatchOverAnswers();
        Collect();
        if (!_isStarved || _listener is not { } listener)
            return;
        _isStarved = false;
        _key = Loop.Watch(listener.SafeHandle, this, everyTime: true);
    }

    void EndAnswered()
    {
        MuxConnection[] answered;
        lock (_gate)
        {
            answered = [.. _answered];
            _answered.Clear();
        }
        foreach (var connection in answered)
            connection.EndOrWait();
    }

    /// <summary>
    /// The collector would wait until as much garbage is there as the processor's cache is large, tens of megabytes, all of it of short lives. Nothing is kept
    /// here, so a collection every few thousand requests takes less than a millisecond.
    /// </summary>
    void Collect()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _collectedAt < MostGarbage)
            return;
        _collectedAt = allocated;
        GC.Collect(0);
    }

    /// <summary>Most answers come at once. Clients whose answer takes longer are watched: they may go.</summary>
    void WatchOverAnswers()
    {
        foreach (var connection in Connections())
            connection.WatchOverAnswer();
    }

    MuxConnection[] Connections()
    {
        lock (_gate)
            return [.. _connections];
    }
}

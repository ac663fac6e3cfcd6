using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;

namespace Saslauthd.Requests;

/// <summary>The socket "mux": accepts, and knows every connection until it is closed.</summary>
sealed class MuxServer : IWatched
{
    /// <summary>Accepted in a row before the others have their turn, and at the end in all.</summary>
    const int MostAtOnce = 64, MostAtEnd = 4096;

    static readonly TimeSpan StarvedInterval = TimeSpan.FromSeconds(10);

    readonly HashSet<MuxConnection> _connections = [];
    readonly Lock _gate = new();
    readonly Func<Reception> _reception;
    Socket? _listener;
    ulong _key;
    long? _starvedAt;
    bool _isStarved;

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
        _key = Loop.Watch(listener.SafeHandle, this);
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
        Accept(listener, MostAtEnd);
        listener.Dispose();
        Silent.DropAll();
    }

    public void OnEvents(DescriptorEvents events) => AcceptSome();

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

    void AcceptSome()
    {
        // More are waiting, and the loop does not say so again.
        if (_listener is { } listener && !Accept(listener, MostAtOnce))
            Loop.Post(AcceptSome);
    }

    /// <summary>True when nobody waits any more, or nobody can be accepted now.</summary>
    bool Accept(Socket listener, int most)
    {
        for (var i = 0; i < most; i++)
        {
            if (RawSockets.Accept(listener.SafeHandle, out var error) is { } socket)
                Adopt(socket);
            else if (error is UnixException.EMFILE or UnixException.ENFILE)
            {
                Starve();
                return true;
            }
            else if (error is UnixException.EAGAIN)
                return true;
        }
        return false;
    }

    /// <summary>No descriptor: the connections wait in the backlog until the next tick. Asking again at once would only burn the processor.</summary>
    void Starve()
    {
        _isStarved = true;
        if (_starvedAt is { } at && Time.GetElapsedTime(at) < StarvedInterval)
            return;
        _starvedAt = Time.GetTimestamp();
        Log.Starved();
    }

    void Tick()
    {
        Silent.Sweep();
        if (!_isStarved)
            return;
        _isStarved = false;
        AcceptSome();
    }
}

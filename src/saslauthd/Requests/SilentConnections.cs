using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Saslauthd.Requests;

/// <summary>
/// The connections that keep the daemon waiting: no whole request yet, or the answer taken and not closed. When there are too many the
/// oldest goes; whoever has something to say said it long before.
/// </summary>
sealed class SilentConnections(int limit, ILogger log, TimeProvider time)
{
    static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    readonly LinkedList<Socket> _oldestFirst = [];
    readonly Lock _gate = new();
    long? _loggedAt;
    int _dropped;

    public int Count
    {
        get
        {
            lock (_gate)
                return _oldestFirst.Count;
        }
    }

    public LinkedListNode<Socket> Add(Socket socket)
    {
        var node = new LinkedListNode<Socket>(socket);
        Socket? oldest = null;
        var report = 0;
        lock (_gate)
        {
            _oldestFirst.AddLast(node);
            if (_oldestFirst.Count > limit)
            {
                oldest = _oldestFirst.First!.Value;
                _oldestFirst.RemoveFirst();
                report = CountDropped();
            }
        }
        // Closing ends that connection's pending read; its own task cleans up.
        oldest?.Close(0);
        if (report > 0)
            log.SilentDropped(report);
        return node;
    }

    public void Remove(LinkedListNode<Socket> node)
    {
        lock (_gate)
        {
            if (node.List is not null)
                _oldestFirst.Remove(node);
        }
    }

    /// <summary>A flood of connections is no flood of lines: how many to report now, or 0.</summary>
    int CountDropped()
    {
        _dropped++;
        if (_loggedAt is { } at && time.GetElapsedTime(at) < LogInterval)
            return 0;
        var report = _dropped;
        (_dropped, _loggedAt) = (0, time.GetTimestamp());
        return report;
    }
}

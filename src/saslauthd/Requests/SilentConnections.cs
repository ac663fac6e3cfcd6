using Microsoft.Extensions.Logging;

namespace Saslauthd.Requests;

/// <summary>A connection as those who count it see it.</summary>
interface ISilent
{
    /// <summary>Its time is over, or it was the oldest of too many.</summary>
    void Drop();
}

/// <summary>
/// The connections that keep the daemon waiting: no whole request yet, or the answer taken and not closed. Each has its deadline, and when there are too many
/// the oldest goes; whoever has something to say said it long before.
/// </summary>
sealed class SilentConnections(int limit, MuxDeadlines deadlines, ILogger log, TimeProvider time)
{
    static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    /// <summary>Two lines, each in the order of its deadlines.</summary>
    readonly LinkedList<Entry> _asking = [], _closing = [];
    readonly Lock _gate = new();
    long? _loggedAt;
    int _dropped;

    public int Count
    {
        get
        {
            lock (_gate)
                return _asking.Count + _closing.Count;
        }
    }

    public LinkedListNode<Entry> Add(ISilent connection, bool isClosing)
    {
        var node = new LinkedListNode<Entry>(new(connection, time.GetTimestamp()));
        ISilent? oldest = null;
        var report = 0;
        lock (_gate)
        {
            (isClosing ? _closing : _asking).AddLast(node);
            if (_asking.Count + _closing.Count > limit)
            {
                oldest = RemoveOldest();
                report = CountDropped();
            }
        }
        oldest?.Drop();
        if (report > 0)
            log.SilentDropped(report);
        return node;
    }

    public void Remove(LinkedListNode<Entry> node)
    {
        lock (_gate)
            node.List?.Remove(node);
    }

    /// <summary>Drops those whose time is over.</summary>
    public void Sweep()
    {
        while (RemoveLate() is { } late)
            late.Drop();
    }

    /// <summary>Drops all that ask nothing: the daemon ends.</summary>
    public void DropAll()
    {
        while (true)
        {
            ISilent connection;
            lock (_gate)
            {
                if (_asking.Count + _closing.Count == 0)
                    return;
                connection = RemoveOldest();
            }
            connection.Drop();
        }
    }

    ISilent? RemoveLate()
    {
        lock (_gate)
        {
            var late = IsLate(_asking, deadlines.Request) ? _asking : IsLate(_closing, deadlines.Close) ? _closing : null;
            return late is null ? null : RemoveFirst(late);
        }
    }

    bool IsLate(LinkedList<Entry> line, TimeSpan allowed) => line.First is { } first && time.GetElapsedTime(first.Value.Since) > allowed;

    ISilent RemoveOldest() =>
        RemoveFirst(_closing.First is null || (_asking.First is { } asking && asking.Value.Since <= _closing.First.Value.Since) ? _asking : _closing);

    static ISilent RemoveFirst(LinkedList<Entry> line)
    {
        var connection = line.First!.Value.Connection;
        line.RemoveFirst();
        return connection;
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

    internal readonly record struct Entry(ISilent Connection, long Since);
}

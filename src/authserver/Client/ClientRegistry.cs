using System.Collections.Concurrent;

namespace AuthServer.Client;

/// <summary>The client connections that are open, for REQUEST and for the clock.</summary>
sealed class ClientRegistry
{
    readonly ConcurrentDictionary<ClientConnection, bool> _connections = new();

    int _last;

    public int Count => _connections.Count;

    /// <summary>CUID: a number that no other connection of this process has.</summary>
    public int NextNumber() => Interlocked.Increment(ref _last);

    public void Add(ClientConnection connection) => _connections[connection] = true;

    public void Remove(ClientConnection connection) => _connections.TryRemove(connection, out _);

    /// <summary>
    /// The finished login that a front end refers to: on a connection that the kernel says is that process's, with that connection's
    /// cookie, once. A process may have several connections.
    /// </summary>
    public FinishedLogin? Take(int clientPid, uint clientId, string cookie)
    {
        foreach (var connection in _connections.Keys)
        {
            if (connection.PeerPid == clientPid && connection.TakeFinished(cookie, clientId) is { } login)
                return login;
        }
        return null;
    }

    public void Sweep()
    {
        foreach (var connection in _connections.Keys)
            connection.Sweep();
    }
}

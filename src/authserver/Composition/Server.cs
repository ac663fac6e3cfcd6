using System.Net.Sockets;
using AuthServer.Client;
using AuthServer.Master;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>Serves the sockets of one auth server until it shall stop.</summary>
static class Server
{
    /// <summary>Connections on one socket. A Postfix makes one per smtpd process.</summary>
    const int ClientLimit = 2000;

    public static async Task RunAsync(AuthHost host, IEnumerable<(string Name, AuthListener Listener, Socket Socket)> sockets, CancellationToken stop)
    {
        var serving = sockets.Select(s => AcceptorFor(host, s.Name, s.Listener, s.Socket).RunAsync(stop)).Append(SweepAsync(host, stop));
        await Task.WhenAll(serving.ToArray());
    }

    static Acceptor AcceptorFor(AuthHost host, string name, AuthListener listener, Socket socket)
    {
        var acceptor = new Acceptor(socket, ClientLimit, (peer, stop) => ServeAsync(host, listener, peer, stop));
        acceptor.Refused += () => host.Log.Full(name);
        acceptor.Failed += host.LogBug;
        acceptor.Starved += () => host.Log.Starved(name);
        return acceptor;
    }

    public static Task ServeAsync(AuthHost host, AuthListener listener, Socket socket, CancellationToken stop)
    {
        var peer = socket.AddressFamily == AddressFamily.Unix ? Descriptors.PeerOf(socket) : default;
        if (listener.Type == AuthListenerType.Client)
            return new ClientConnection(socket, peer.Pid, host).ServeAsync(stop);
        var access = MasterAccess.For(listener.Type == AuthListenerType.Master, listener.Mode,
            listener.Uid ?? Identity.EffectiveUid, listener.Gid ?? Identity.EffectiveGid, peer);
        return new MasterConnection(socket, peer, access, host).ServeAsync(stop);
    }

    static async Task SweepAsync(AuthHost host, CancellationToken stop)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(5), host.Time);
        try
        {
            while (await clock.WaitForNextTickAsync(stop))
                host.Clients.Sweep();
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }
}

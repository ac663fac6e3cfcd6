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

    /// <summary>
    /// Accepts until <paramref name="stop"/>. Then those who log in just now are let finish, on the client sockets first: what they have reached may still be
    /// asked for on the master sockets, which end after them.
    /// </summary>
    public static async Task RunAsync(AuthHost host, IEnumerable<(string Name, AuthListener Listener, Socket Socket)> sockets, CancellationToken stop)
    {
        host.Begin();
        using var over = new CancellationTokenSource();
        var all = sockets.ToArray();
        var sweeping = SweepAsync(host, over.Token);
        var masters = all.Where(s => !IsForClients(s.Listener)).Select(s => AcceptorFor(host, s.Name, s.Listener, s.Socket).RunAsync(stop, over.Token)).ToArray();
        using var draining = new CancellationTokenSource();
        var clients = all.Where(s => IsForClients(s.Listener)).Select(s => AcceptorFor(host, s.Name, s.Listener, s.Socket).RunAsync(stop, draining.Token)).ToArray();
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Only now that nobody is accepted here: who is sent away and comes again shall meet the successor.
        await draining.CancelAsync();
        await Task.WhenAll(clients);
        await over.CancelAsync();
        await Task.WhenAll([.. masters, sweeping]);
        // The last login's end is worth keeping too.
        await host.Kept.Keeping.EndAsync();
    }

    static Acceptor AcceptorFor(AuthHost host, string name, AuthListener listener, Socket socket)
    {
        var acceptor = new Acceptor(socket, ClientLimit, (peer, stop) => ServeAsync(host.Current, listener, peer, stop));
        acceptor.Refused += () => host.Log.Full(name);
        acceptor.Failed += host.LogBug;
        acceptor.Starved += () => host.Log.Starved(name);
        return acceptor;
    }

    public static Task ServeAsync(AuthHost host, AuthListener listener, Socket socket, CancellationToken stop)
    {
        var peer = socket.AddressFamily == AddressFamily.Unix ? Descriptors.PeerOf(socket) : default;
        if (IsForClients(listener))
            return new ClientConnection(socket, peer.Pid, host, listener).ServeAsync(stop);
        var access = MasterAccess.For(listener.Type == AuthListenerType.Master, listener.Mode,
            listener.Uid ?? Identity.EffectiveUid, listener.Gid ?? Identity.EffectiveGid, peer);
        return new MasterConnection(socket, peer, access, host).ServeAsync(stop);
    }

    static bool IsForClients(AuthListener listener) => listener.Type is AuthListenerType.Client or AuthListenerType.Login;

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

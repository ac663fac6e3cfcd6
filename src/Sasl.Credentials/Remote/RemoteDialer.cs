using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sasl.Credentials.Remote;

/// <summary>Connects: each address of the host in turn, so that one that is dead costs a share of the time and not all of it.</summary>
sealed class RemoteDialer(RemoteServer server, HostAddresses addresses, ILogger log)
{
    /// <summary>RemoteException when no address answers.</summary>
    public async Task<Socket> ConnectAsync(Explanation? explanation, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var found = await FindAsync(stop);
        for (var i = 0; i < found.Length; i++)
        {
            // What is left of the time, in equal shares; the conversation has one too.
            var share = (server.Timeout - Stopwatch.GetElapsedTime(began)) / (found.Length - i + 1);
            var (socket, reason) = await TryAsync(found[i], share, stop);
            explanation?.Add($"{server.Mechanism}: {server.Host}[{found[i]}]/{server.Port}: {reason}");
            if (socket is not null)
                return socket;
            log.ConnectFailed(server.Mechanism, server.Host, found[i].ToString(), server.Port, reason);
        }
        log.NotConnected(server.Mechanism, server.Host, server.Port);
        throw new RemoteException(RemoteTexts.NoContact);
    }

    async Task<IPAddress[]> FindAsync(CancellationToken stop)
    {
        try
        {
            return await addresses.FindAsync(stop);
        }
        catch (SocketException unknown)
        {
            log.NotResolved(server.Mechanism, server.Host, unknown.Message);
            throw new RemoteException($"{RemoteTexts.NoContact}: name {server.Host}: {unknown.Message}");
        }
    }

    async Task<(Socket? Socket, string Reason)> TryAsync(IPAddress address, TimeSpan share, CancellationToken stop)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(share > TimeSpan.Zero ? share : TimeSpan.Zero);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, server.Port), deadline.Token);
            return (socket, "connected");
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            return (null, failure.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            socket.Dispose();
            return (null, "timed out");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

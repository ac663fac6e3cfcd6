using System.Net;
using System.Net.Sockets;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;

namespace MailServers.Smtp;

/// <summary>Turns accepted sockets into sessions: finds out who the client is, runs the dialogue, closes.</summary>
sealed class SmtpHost(SmtpServer server, ClientNames? names)
{
    /// <summary>A client from the network.</summary>
    public async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        await using var connection = new Connection(socket, server.Time);
        if (connection.RemoteEndPoint is not { } remote)
            return;
        var address = remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address;
        var name = names is null ? ClientIdentity.Unknown : await names.FindAsync(address, stop);
        await new SmtpSession(server, connection, new(name, address, remote.Port, LogsPort: server.Settings.ClientPortLogging)).RunAsync(stop);
    }

    /// <summary>A program on this host, on the socket of the sendmail command. The kernel says who runs it.</summary>
    public async Task ServeLocalAsync(Socket socket, CancellationToken stop)
    {
        await using var connection = new Connection(socket, server.Time);
        var peer = Descriptors.PeerOf(socket);
        await new SmtpSession(server, connection, new("localhost", IPAddress.Loopback, 0, peer.Uid)).RunAsync(stop);
    }
}

using System.Net;
using System.Net.Sockets;

namespace MailServers.Login;

/// <summary>The two ends of a client's connection. Addresses of IPv4 clients are IPv4 also on a listener of both families.</summary>
sealed record LoginPeer(IPAddress Remote, int RemotePort, IPAddress Local, int LocalPort)
{
    /// <summary>A Unix socket has no addresses; it counts as an unknown peer that nobody trusts.</summary>
    public static LoginPeer Of(Socket socket)
    {
        var remote = socket.RemoteEndPoint as IPEndPoint ?? new(IPAddress.Any, 0);
        var local = socket.LocalEndPoint as IPEndPoint ?? new(IPAddress.None, 0);
        return new(Plain(remote.Address), remote.Port, Plain(local.Address), local.Port);
    }

    /// <summary>The client is on this machine, so its password crosses no network.</summary>
    public bool IsSameHost => Remote.Equals(Local);

    static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}

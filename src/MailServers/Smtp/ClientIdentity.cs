using System.Net;

namespace MailServers.Smtp;

/// <summary>Who is at the other end.</summary>
/// <param name="Name">The host name that resolves both ways, or "unknown".</param>
/// <param name="LogsPort">smtpd_client_port_logging.</param>
/// <param name="LocalUid">Set for a local submitter: the uid that the kernel vouches for.</param>
sealed record ClientIdentity(string Name, IPAddress Address, int Port, uint? LocalUid = null, bool LogsPort = false)
{
    public const string Unknown = "unknown";

    /// <summary>The form that log readers match: NAME[ADDR], IPv6 without further brackets.</summary>
    public override string ToString() => LogsPort ? $"{Name}[{Address}]:{Port}" : $"{Name}[{Address}]";

    /// <summary>RFC 5321 §4.1.3 for Received: IPv6 addresses carry their tag.</summary>
    public string AddressLiteral => Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"IPv6:{Address}" : Address.ToString();
}

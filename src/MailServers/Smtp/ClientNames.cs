using System.Net;
using System.Net.Sockets;
using DnsClient;
using Microsoft.Extensions.Logging;

namespace MailServers.Smtp;

/// <summary>
/// Finds a client's host name: PTR, and back by A or AAAA, or anybody could give himself any name. The hosts file comes first, so that
/// loopback needs no DNS. What cannot be found in time is "unknown".
/// </summary>
sealed class ClientNames(ILookupClient dns, string hostsFile, ILogger log)
{
    readonly Dictionary<IPAddress, string> _hosts = ReadHosts(hostsFile);

    public async ValueTask<string> FindAsync(IPAddress address, CancellationToken stop)
    {
        if (_hosts.TryGetValue(address, out var known))
            return known;
        try
        {
            var pointers = await dns.QueryReverseAsync(address, stop);
            if (pointers.Answers.PtrRecords().FirstOrDefault() is not { } pointer)
                return ClientIdentity.Unknown;
            var name = pointer.PtrDomainName.Value.TrimEnd('.');
            if (!Restrictions.FullyQualified.IsHostName(name))
                return ClientIdentity.Unknown;
            var type = address.AddressFamily == AddressFamily.InterNetworkV6 ? QueryType.AAAA : QueryType.A;
            var back = await dns.QueryAsync(name, type, cancellationToken: stop);
            if (back.Answers.AddressRecords().Any(r => r.Address.Equals(address)))
                return name;
            SmtpLog.NameMismatch(log, name, address.ToString());
        }
        catch (Exception failure) when (failure is DnsResponseException or InvalidOperationException or SocketException)
        {
            // DNS is down; mail goes on without names.
        }
        return ClientIdentity.Unknown;
    }

    static Dictionary<IPAddress, string> ReadHosts(string file)
    {
        var names = new Dictionary<IPAddress, string>();
        if (!File.Exists(file))
            return names;
        foreach (var line in File.ReadLines(file))
        {
            var words = line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && IPAddress.TryParse(words[0], out var address))
                names.TryAdd(address, words[1]);
        }
        return names;
    }
}

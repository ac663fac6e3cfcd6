using System.Net;
using MailServers.Smtp.Restrictions;

namespace MailServers.Smtp;

/// <summary>Connections at a time by client address (smtpd_client_connection_count_limit); smtpd_client_event_limit_exceptions are exempt.</summary>
sealed class ClientCounts(int limit, NetworkList exempt)
{
    readonly Dictionary<IPAddress, int> _counts = [];
    readonly Lock _gate = new();

    /// <summary>Counts a connection in. The count with it; over the limit the caller refuses, and leaves all the same.</summary>
    public int Enter(IPAddress address)
    {
        lock (_gate)
            return _counts[address] = _counts.GetValueOrDefault(address) + 1;
    }

    public bool IsTooMany(ClientIdentity client, int count) => limit > 0 && count > limit && !exempt.Contains(client.Address, client.Name);

    public void Leave(IPAddress address)
    {
        lock (_gate)
        {
            if (--_counts[address] == 0)
                _counts.Remove(address);
        }
    }
}

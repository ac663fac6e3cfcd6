using System.Net;

namespace MailServers.Smtp.Addresses;

/// <summary>How a domain is served; decides who may send to it.</summary>
enum DomainClass { Local, Relay, Other }

/// <summary>Which domains are ours: mydestination and the literals of our own addresses are local, relay_domains with what is below them are relayed to.</summary>
sealed class LocalDomains(IEnumerable<string> destinations, IEnumerable<string> relayDomains, IReadOnlyCollection<IPAddress> ownAddresses)
{
    readonly HashSet<string> _destinations = new(destinations, StringComparer.OrdinalIgnoreCase);
    readonly HashSet<string> _relay = new(relayDomains, StringComparer.OrdinalIgnoreCase);

    /// <summary>A missing domain is our own: the address gets $myorigin.</summary>
    public DomainClass Classify(string? domain)
    {
        if (domain is null || _destinations.Contains(domain) || IsOwnLiteral(domain))
            return DomainClass.Local;
        for (var name = domain.AsSpan(); ; name = name[(name.IndexOf('.') + 1)..])
        {
            if (_relay.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name))
                return DomainClass.Relay;
            if (name.IndexOf('.') < 0)
                return DomainClass.Other;
        }
    }

    public bool IsOwnAddress(IPAddress address) => ownAddresses.Contains(address);

    bool IsOwnLiteral(string domain)
    {
        if (domain is not ['[', .. var inner, ']'])
            return false;
        if (inner.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase))
            inner = inner[5..];
        return IPAddress.TryParse(inner, out var address) && ownAddresses.Contains(address);
    }
}

using System.Net;
using MailServers.Lmtp;

namespace MailServers.Queue.Routing;

/// <summary>Where a recipient goes: a transport, and its next hop or, for error, retry and discard, a text.</summary>
sealed record Route(string Transport, string NextHop);

/// <summary>Decides by the recipient's domain alone; no I/O.</summary>
sealed class Router(RoutingSettings settings, string origin)
{
    readonly DomainList _local = new(settings.LocalDomains, includeSubdomains: false);
    readonly DomainList _relay = new(settings.RelayDomains, includeSubdomains: true);

    /// <summary>An address with a domain: a bare name belongs to our origin.</summary>
    public string Complete(string address) => MailPath.AtSign(address) < 0 ? $"{address}@{origin}" : address;

    public Route Resolve(string address)
    {
        address = Complete(address);
        var domain = MailPath.Domain(address);
        if (IsLocal(domain))
            return Parse(settings.LocalTransport, "local", address);
        var hop = settings.RelayHost.Length > 0 ? settings.RelayHost : domain;
        return _relay.Contains(domain) ? Parse(settings.RelayTransport, "relay", hop) : Parse(settings.DefaultTransport, "smtp", hop);
    }

    /// <summary>The address belongs to this machine.</summary>
    public bool IsLocalAddress(string address) => IsLocal(MailPath.Domain(Complete(address)));

    bool IsLocal(string domain) => _local.Contains(domain) || (Literal(domain) is { } address && settings.OwnAddresses.Contains(address));

    /// <summary>RFC 5321 §4.1.3: [192.0.2.1] or [IPv6:2001:db8::1].</summary>
    public static IPAddress? Literal(string domain)
    {
        if (domain is not ['[', .. var inner, ']'])
            return null;
        if (inner.StartsWith("ipv6:", StringComparison.OrdinalIgnoreCase))
            inner = inner[5..];
        return IPAddress.TryParse(inner, out var address) ? address : null;
    }

    // "transport:nexthop", "transport:", "transport": what is missing comes from the address class.
    static Route Parse(string setting, string transport, string nextHop)
    {
        var colon = setting.IndexOf(':');
        var name = (colon < 0 ? setting : setting[..colon]).Trim();
        var hop = colon < 0 ? "" : setting[(colon + 1)..].Trim();
        if (name.Length == 0)
            name = transport;
        // The local transport's next hop is only our own name; the user is what matters.
        return new(name, hop.Length == 0 || name == "local" ? nextHop : hop);
    }
}

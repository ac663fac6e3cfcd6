namespace MailServers.Queue.Routing;

/// <summary>The settings that say where an address goes.</summary>
sealed record RoutingSettings
{
    public IReadOnlyList<string> LocalDomains { get; init; } = ["localhost"];

    public IReadOnlyList<string> RelayDomains { get; init; } = [];

    /// <summary>As configured; empty for none.</summary>
    public string RelayHost { get; init; } = "";

    public string LocalTransport { get; init; } = "local";

    public string RelayTransport { get; init; } = "relay";

    public string DefaultTransport { get; init; } = "smtp";

    /// <summary>Addresses of our own interfaces: user@[address] is local, and an MX with such an address is ourselves.</summary>
    public IReadOnlyList<System.Net.IPAddress> OwnAddresses { get; init; } = [System.Net.IPAddress.Loopback, System.Net.IPAddress.IPv6Loopback];
}

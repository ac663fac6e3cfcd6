using System.Net;
using MailServers.Queue.Schedule;

namespace MailServers.Queue.Routing;

/// <summary>From a next hop to addresses: MX, addresses when there is no MX, null MX, and never ourselves (RFC 5321 §5.1).</summary>
sealed class HostFinder(IMailDns dns, IReadOnlyCollection<IPAddress> ownAddresses, string ownName, int defaultPort, int addressLimit = 5)
{
    /// <summary>Several next hops between blanks or commas are tried in their order (relayhost).</summary>
    public async ValueTask<HostList> FindAsync(string nextHops, CancellationToken stop)
    {
        var (hosts, last) = (new List<MailHost>(), HostList.Fail(Verdict.Bounced, "5.1.2", $"bad next hop: {nextHops}"));
        foreach (var nextHop in nextHops.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            last = await FindOneAsync(nextHop, stop);
            hosts.AddRange(last.Hosts);
        }
        return hosts.Count > 0 ? new(hosts) : last;
    }

    async ValueTask<HostList> FindOneAsync(string nextHop, CancellationToken stop)
    {
        if (NextHop.TryParse(nextHop) is not { } hop)
            return HostList.Fail(Verdict.Bounced, "5.1.2", $"bad next hop: {nextHop}");
        var port = hop.Port ?? defaultPort;
        if (IPAddress.TryParse(hop.Host, out var literal) && hop.IsHost)
            return new([new(hop.Host, literal, port)]);
        if (hop.IsHost)
            return await AddressesAsync(hop.Host, port, "A", stop);
        var (status, records) = await dns.ExchangersAsync(hop.Host, stop);
        switch (status)
        {
            case DnsStatus.TryAgain:
                return HostList.Fail(Verdict.Deferred, "4.4.3", NameError(hop.Host, "MX", "Host not found, try again"));
            case DnsStatus.NoDomain:
                return HostList.Fail(Verdict.Bounced, "5.4.4", NameError(hop.Host, "MX", "Host not found"));
            case DnsStatus.NoData:
                // RFC 5321 §5.1: no MX at all means an implicit MX of preference 0 at the domain itself.
                var implied = await AddressesAsync(hop.Host, port, "A", stop);
                return implied.Hosts.Any(h => ownAddresses.Contains(h.Address)) && port == defaultPort ? Loop(hop.Host) : implied;
        }
        // RFC 7505 §3: one MX with the root as its name means that the domain takes no mail.
        if (records is [{ Host: "" or "." }])
            return HostList.Fail(Verdict.Bounced, "5.1.0", $"Domain {hop.Host} does not accept mail (nullMX)");
        return await ExchangersAsync(hop.Host, records, port, stop);
    }

    async ValueTask<HostList> ExchangersAsync(string domain, IReadOnlyList<MailExchanger> records, int port, CancellationToken stop)
    {
        var hosts = new List<(int Preference, MailHost Host)>();
        HostList? trouble = null;
        foreach (var record in Order(records, Random.Shared))
        {
            var found = await AddressesAsync(record.Host, port, "A", stop);
            hosts.AddRange(found.Hosts.Select(h => (record.Preference, h)));
            // A transient failure of one name is the answer only when no other name has an address.
            if (found.Hosts.Count == 0 && (trouble is null || found.Verdict == Verdict.Deferred))
                trouble = found;
        }
        var kept = WithoutOurselves(hosts);
        if (kept.Count == 0 && hosts.Count > 0)
            return Loop(domain);
        return kept.Count > 0 ? new([.. kept.Take(addressLimit)]) : trouble ?? HostList.Fail(Verdict.Bounced, "5.4.4", NameError(domain, "MX", "no usable mail exchanger"));
    }

    /// <summary>RFC 5321 §5.1: by preference, equals in random order.</summary>
    public static IEnumerable<MailExchanger> Order(IReadOnlyList<MailExchanger> records, Random random) =>
        records.Select(r => (Record: r, Luck: random.Next())).OrderBy(r => r.Record.Preference).ThenBy(r => r.Luck).Select(r => r.Record);

    /// <summary>RFC 5321 §5.1: when we are in the list, we and everything not better than us must be dropped.</summary>
    List<MailHost> WithoutOurselves(List<(int Preference, MailHost Host)> hosts)
    {
        var ours = hosts.Where(h => h.Host.Port == defaultPort && (ownAddresses.Contains(h.Host.Address) || h.Host.Name == ownName)).Select(h => h.Preference);
        var bound = ours.DefaultIfEmpty(int.MaxValue).Min();
        return [.. hosts.Where(h => h.Preference < bound).Select(h => h.Host)];
    }

    async ValueTask<HostList> AddressesAsync(string host, int port, string type, CancellationToken stop)
    {
        var (status, addresses) = await dns.AddressesAsync(host, stop);
        return status switch
        {
            DnsStatus.Found => new([.. addresses.Select(a => new MailHost(host, a, port))]),
            DnsStatus.TryAgain => HostList.Fail(Verdict.Deferred, "4.4.3", NameError(host, type, "Host not found, try again")),
            _ => HostList.Fail(Verdict.Bounced, "5.4.4", NameError(host, type, "Host not found")),
        };
    }

    static HostList Loop(string domain) => HostList.Fail(Verdict.Bounced, "5.4.6", $"mail for {domain} loops back to myself");

    static string NameError(string name, string type, string what) => $"Host or domain name not found. Name service error for name={name} type={type}: {what}";
}

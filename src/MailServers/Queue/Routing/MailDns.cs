using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace MailServers.Queue.Routing;

/// <summary>The DNS through DnsClient.</summary>
sealed class MailDns(LookupClient client) : IMailDns
{
    /// <summary>With the servers of resolv.conf.</summary>
    public static MailDns FromSystem() => new(new LookupClient(Options(new LookupClientOptions())));

    public static MailDns From(params IPEndPoint[] servers) => new(new LookupClient(Options(new LookupClientOptions(servers))));

    public async ValueTask<(DnsStatus Status, IReadOnlyList<MailExchanger> Records)> ExchangersAsync(string domain, CancellationToken stop)
    {
        var (status, answer) = await AskAsync(domain, QueryType.MX, stop);
        IReadOnlyList<MailExchanger> records = answer is null ? []
            : [.. answer.Answers.OfType<MxRecord>().Select(r => new MailExchanger(r.Preference, r.Exchange.Value.TrimEnd('.').ToLowerInvariant()))];
        return (status == DnsStatus.Found && records.Count == 0 ? DnsStatus.NoData : status, records);
    }

    public async ValueTask<(DnsStatus Status, IReadOnlyList<IPAddress> Addresses)> AddressesAsync(string host, CancellationToken stop)
    {
        var six = AskAsync(host, QueryType.AAAA, stop);
        var four = AskAsync(host, QueryType.A, stop);
        (DnsStatus Status, IDnsQueryResponse? Answer)[] both = [await four, await six];
        var addresses = both.SelectMany(b => b.Answer?.Answers.OfType<AddressRecord>() ?? []).Select(r => r.Address).ToList();
        if (addresses.Count > 0)
            return (DnsStatus.Found, addresses);
        // Only a definite answer to both questions makes a host unknown.
        return (both.Any(b => b.Status == DnsStatus.TryAgain) ? DnsStatus.TryAgain : both[0].Status == DnsStatus.NoDomain ? DnsStatus.NoDomain : DnsStatus.NoData, []);
    }

    async Task<(DnsStatus, IDnsQueryResponse?)> AskAsync(string name, QueryType type, CancellationToken stop)
    {
        try
        {
            var answer = await client.QueryAsync(new DnsQuestion(name, type), stop);
            return answer.Header.ResponseCode switch
            {
                DnsHeaderResponseCode.NoError => (DnsStatus.Found, answer),
                DnsHeaderResponseCode.NotExistentDomain => (DnsStatus.NoDomain, null),
                _ => (DnsStatus.TryAgain, null),
            };
        }
        catch (Exception trouble) when (trouble is DnsResponseException or SocketException or IOException)
        {
            return (DnsStatus.TryAgain, null);
        }
        catch (ArgumentException)
        {
            // Not a name that the DNS could hold.
            return (DnsStatus.NoDomain, null);
        }
    }

    static LookupClientOptions Options(LookupClientOptions options)
    {
        options.UseCache = true;
        options.ThrowDnsErrors = false;
        options.Timeout = TimeSpan.FromSeconds(5);
        options.Retries = 2;
        options.ContinueOnDnsError = false;
        return options;
    }
}

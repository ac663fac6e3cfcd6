using System.Net;

namespace MailServers.Queue.Routing;

/// <summary>One address to try.</summary>
sealed record MailHost(string Name, IPAddress Address, int Port)
{
    /// <summary>As the log writes a relay.</summary>
    public override string ToString() => $"{Name}[{Address}]:{Port}";
}

/// <summary>The hosts to try, best first, or why there are none.</summary>
sealed record HostList(IReadOnlyList<MailHost> Hosts, Schedule.Verdict Verdict = Schedule.Verdict.Sent, string Status = "", string Text = "")
{
    public static HostList Fail(Schedule.Verdict verdict, string status, string text) => new([], verdict, status, text);
}

/// <summary>One MX record, or one address of it.</summary>
sealed record MailExchanger(int Preference, string Host);

enum DnsStatus { Found, NoData, NoDomain, TryAgain }

/// <summary>The two questions the queue has for the DNS.</summary>
interface IMailDns
{
    ValueTask<(DnsStatus Status, IReadOnlyList<MailExchanger> Records)> ExchangersAsync(string domain, CancellationToken stop);

    ValueTask<(DnsStatus Status, IReadOnlyList<IPAddress> Addresses)> AddressesAsync(string host, CancellationToken stop);
}

using System.Net;
using DnsClient;
using MailServers.Smtp;
using Testing;

namespace MailServers.Tests.Smtp;

public class ClientNamesTests
{
    [Fact]
    public async Task The_hosts_file_comes_first_and_a_dead_dns_is_unknown()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["hosts"], "# 192.0.2.9 no\n127.0.0.1\tlocalhost me\n::1 ip6-localhost # x\nnonsense\n");
        // Nobody listens on this port of loopback.
        var dns = new LookupClient(new LookupClientOptions(new IPEndPoint(IPAddress.Loopback, 9)) { Timeout = TimeSpan.FromMilliseconds(200), Retries = 0 });
        var names = new ClientNames(dns, directory["hosts"], new CapturedLog());
        Assert.Equal("localhost", await names.FindAsync(IPAddress.Loopback, CancellationToken.None));
        Assert.Equal("ip6-localhost", await names.FindAsync(IPAddress.IPv6Loopback, CancellationToken.None));
        Assert.Equal("unknown", await names.FindAsync(IPAddress.Parse("192.0.2.9"), CancellationToken.None));
    }
}

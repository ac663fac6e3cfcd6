using System.Net;
using MailServers.Login;

namespace MailServers.Tests.Login;

public sealed class TrustedNetworksTests
{
    [Theory]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("10.1.2.3/8", "10.200.0.1", true)]
    [InlineData("10.1.2.3/8", "11.0.0.1", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("[2001:db8::]/32", "2001:db8:1::1", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("2001:db8::1/127", "2001:db8::2", false)]
    public void Networks_hold_their_addresses(string network, string address, bool inside) =>
        Assert.Equal(inside, TrustedNetworks.TryParse([network], out _)![0].Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("example.org")]
    [InlineData("/8")]
    public void What_is_no_network_is_named(string word)
    {
        Assert.Null(TrustedNetworks.TryParse(["10.0.0.0/8", word], out var wrong));
        Assert.Equal(word, wrong);
    }
}

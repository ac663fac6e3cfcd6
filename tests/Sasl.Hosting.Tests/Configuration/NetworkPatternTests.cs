using System.Net;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class NetworkPatternTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("192.0.2.0/24", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.4/30", "192.0.2.7", true)]
    [InlineData("192.0.2.4/30", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("[2001:db8::]/32", "2001:db8:ffff::1", true)]
    [InlineData("[::1]/128", "::2", false)]
    public void Contains(string network, string address, bool expected) =>
        Assert.Equal(expected, NetworkPattern.Parse(network, true, out _)!.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("192.0.2.1/24", "non-null host address bits in \"192.0.2.1/24\"", "192.0.2.0/24")]
    [InlineData("[2001:db8::1]/32", "non-null host address bits in \"[2001:db8::1]/32\"", "[2001:db8::]/32")]
    [InlineData("::1/128", "IPv6 address without brackets: \"::1/128\"", "[::1]/128")]
    [InlineData("10.0.0.0/33", "bad network prefix length in \"10.0.0.0/33\" (0 to 32)", null)]
    [InlineData("10/8", "\"10/8\" is not a network", null)]
    [InlineData("10.0.0.300", "\"10.0.0.300\" is not a network", null)]
    public void Faults(string text, string message, string? suggestion)
    {
        Assert.Null(NetworkPattern.Parse(text, true, out var error));
        Assert.Equal((message, suggestion), error);
    }
}

using System.Net;
using MailServers.Smtp.Restrictions;

namespace MailServers.Tests.Smtp.Restrictions;

public class NetworkListTests
{
    [Theory]
    [InlineData("127.0.0.0/8 [::1]/128", "127.5.6.7", true)]
    [InlineData("127.0.0.0/8 [::1]/128", "::1", true)]
    [InlineData("127.0.0.0/8 [::1]/128", "128.0.0.1", false)]
    [InlineData("192.0.2.7/24", "192.0.2.200", true)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("!192.0.2.7 192.0.2.0/24", "192.0.2.7", false)]
    [InlineData("!192.0.2.7 192.0.2.0/24", "192.0.2.8", true)]
    [InlineData("[fe80::]/10", "fe80::1", true)]
    [InlineData("192.0.2.0/33", "192.0.2.1", false)]
    [InlineData("10", "0.0.0.10", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("", "127.0.0.1", false)]
    public void Contains(string list, string address, bool contained) =>
        Assert.Equal(contained, new NetworkList(list.Split(' ')).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("example.net", "client.example.net", true)]
    [InlineData(".example.net", "client.example.net", true)]
    [InlineData("example.net", "notexample.net", false)]
    [InlineData("unknown", "unknown", false)]
    public void Names(string list, string name, bool contained) =>
        Assert.Equal(contained, new NetworkList([list]).Contains(IPAddress.Parse("192.0.2.1"), name));
}

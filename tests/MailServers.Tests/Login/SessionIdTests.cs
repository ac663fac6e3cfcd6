using System.Net;
using MailServers.Login;

namespace MailServers.Tests.Login;

public sealed class SessionIdTests
{
    [Fact]
    public void Is_time_port_and_address()
    {
        var peer = LoginHouse.Stranger with { RemotePort = 0x1234 };
        var id = Convert.FromBase64String(SessionId.Create(peer, DateTimeOffset.UnixEpoch.AddTicks(0x060504030201 * 10)));
        Assert.Equal([1, 2, 3, 4, 5, 6, 0x34, 0x12, 192, 0, 2, 7], id);
    }

    [Fact]
    public void An_IPv6_address_makes_it_longer() =>
        Assert.Equal(32, SessionId.Create(LoginHouse.Stranger with { Remote = IPAddress.IPv6Loopback }, DateTimeOffset.UtcNow).Length);
}

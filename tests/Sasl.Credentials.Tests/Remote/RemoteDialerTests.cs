using System.Net;
using System.Net.Security;
using Sasl.Credentials.Remote;
using Sasl.Credentials.Tests.Remote.Peers;

namespace Sasl.Credentials.Tests.Remote;

public sealed class RemoteDialerTests
{
    [Fact]
    public async Task Each_address_is_tried_until_one_answers()
    {
        await using var server = FakeServer.Saying("");
        var (log, explanation) = (new ListLog(), new Explanation());
        // Nobody listens on 127.0.0.2, and nothing at all answers for 192.0.2.1 (RFC 5737).
        var addresses = new HostAddresses("h", _ => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Parse("192.0.2.1"), IPAddress.Loopback]));
        var dialer = new RemoteDialer(new("rimap", "h", server.Port, RemoteTls.Never, new SslClientAuthenticationOptions(), TimeSpan.FromSeconds(3)), addresses, log);
        using var socket = await dialer.ConnectAsync(explanation, default);
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)socket.RemoteEndPoint!).Address);
        Assert.Equal(3, explanation.Steps.Count);
        Assert.Equal(2, log.Lines.Length);
        Assert.StartsWith($"Warning|auth_rimap: connect h[127.0.0.2]/{server.Port}: ", log.Lines[0]);
    }

    [Fact]
    public async Task Where_none_answers_the_log_says_so()
    {
        var log = new ListLog();
        var addresses = new HostAddresses("h", _ => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2")]));
        var dialer = new RemoteDialer(new("smtp", "h", 1, RemoteTls.Never, new SslClientAuthenticationOptions(), TimeSpan.FromSeconds(3)), addresses, log);
        var failure = await Assert.ThrowsAsync<RemoteException>(() => dialer.ConnectAsync(null, default));
        Assert.Equal(Asking.NoContact, failure.Message);
        Assert.Equal("Warning|auth_smtp: couldn't connect to h/1", log.Lines[^1]);
    }
}

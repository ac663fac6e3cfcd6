using System.Net;
using CsCheck;
using MailServers.Queue.Routing;
using MailServers.Queue.Schedule;

namespace MailServers.Tests.Queue.Routing;

public sealed class RouterTests
{
    static Route Resolve(string address, string relayHost = "", string local = "local:mx.example.org") => new Router(new()
    {
        LocalDomains = ["example.org", "!no.example.org", ".example.org"], RelayDomains = ["relay.test"], RelayHost = relayHost, LocalTransport = local,
    }, "example.org").Resolve(address);

    [Theory]
    [InlineData("alice", "local", "alice@example.org")]
    [InlineData("alice@EXAMPLE.org.", "local", "alice@EXAMPLE.org.")]
    [InlineData("alice@sub.example.org", "local", "alice@sub.example.org")]
    [InlineData("alice@no.example.org", "smtp", "no.example.org")]
    [InlineData("alice@[127.0.0.1]", "local", "alice@[127.0.0.1]")]
    [InlineData("alice@[IPv6:::1]", "local", "alice@[IPv6:::1]")]
    [InlineData("alice@[192.0.2.1]", "smtp", "[192.0.2.1]")]
    [InlineData("alice@relay.test", "relay", "relay.test")]
    [InlineData("alice@x.relay.test", "relay", "x.relay.test")]
    [InlineData("\"a@b\"@else.test", "smtp", "else.test")]
    public void An_address_goes_where_its_domain_says(string address, string transport, string hop) => Assert.Equal(new Route(transport, hop), Resolve(address));

    [Fact]
    public void The_relay_host_takes_everything_that_is_not_local()
    {
        Assert.Equal(new Route("smtp", "[gw.test]:587"), Resolve("a@else.test", "[gw.test]:587"));
        Assert.Equal(new Route("relay", "[gw.test]:587"), Resolve("a@relay.test", "[gw.test]:587"));
        Assert.Equal("local", Resolve("a@example.org", "[gw.test]:587").Transport);
    }

    [Fact]
    public void Local_delivery_can_be_an_error() =>
        Assert.Equal(new Route("error", "local delivery is disabled"), Resolve("a@example.org", local: "error:local delivery is disabled"));

    [Theory]
    [InlineData("example.com", "example.com", false, null)]
    [InlineData("Example.com:2525", "example.com", false, 2525)]
    [InlineData("[gw.example.com]:587", "gw.example.com", true, 587)]
    [InlineData("[gw.example.com]:submission", "gw.example.com", true, 587)]
    [InlineData("[192.0.2.1]", "192.0.2.1", true, null)]
    [InlineData("[2001:db8::1]:25", "2001:db8::1", true, 25)]
    [InlineData("[ipv6:2001:db8::1]", "2001:db8::1", true, null)]
    public void Next_hops_as_administrators_write_them(string text, string host, bool isHost, int? port) => Assert.Equal(new NextHop(host, isHost, port), NextHop.TryParse(text));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[x")]
    [InlineData("x:0")]
    [InlineData("x:99999")]
    [InlineData("[x]y")]
    [InlineData("a b")]
    public void A_next_hop_that_is_none_is_refused(string text) => Assert.Null(NextHop.TryParse(text));

    [Fact]
    public void Any_text_is_parsed_or_refused_and_never_throws() => Gen.String.Sample(text => { NextHop.TryParse(text); ForEver(text); });

    static void ForEver(string text) => new DomainList([text], true).Contains(text);

    static readonly IPAddress Own = IPAddress.Parse("192.0.2.1"), Other = IPAddress.Parse("192.0.2.2");

    static async Task<HostList> FindAsync(string hop, Action<House> set)
    {
        await using var house = new House();
        set(house);
        return await new HostFinder(house, [Own], "mx.example.org", 25).FindAsync(hop, default);
    }

    [Fact]
    public async Task Exchangers_are_tried_by_preference()
    {
        var hosts = await FindAsync("d.test", h =>
        {
            h.Mx["d.test"] = (DnsStatus.Found, [new(20, "b.test"), new(10, "a.test"), new(20, "gone.test")]);
            h.A["a.test"] = [Other];
            h.A["b.test"] = [Other];
        });
        Assert.Equal(["a.test", "b.test"], hosts.Hosts.Select(h => h.Name));
    }

    [Fact]
    public async Task Null_MX_means_no_mail()
    {
        var hosts = await FindAsync("d.test", h => h.Mx["d.test"] = (DnsStatus.Found, [new(0, "")]));
        Assert.Equal((Verdict.Bounced, "5.1.0", "Domain d.test does not accept mail (nullMX)"), (hosts.Verdict, hosts.Status, hosts.Text));
    }

    [Fact]
    public async Task No_MX_means_the_address_of_the_domain() =>
        Assert.Equal(Other, (await FindAsync("d.test", h => h.A["d.test"] = [Other])).Hosts.Single().Address);

    [Fact]
    public async Task An_unknown_domain_bounces_and_a_silent_server_defers()
    {
        var unknown = await FindAsync("d.test", _ => { });
        Assert.Equal((Verdict.Bounced, "5.4.4"), (unknown.Verdict, unknown.Status));
        Assert.Equal("Host or domain name not found. Name service error for name=d.test type=MX: Host not found", unknown.Text);
        var silent = await FindAsync("d.test", h => h.Mx["d.test"] = (DnsStatus.TryAgain, []));
        Assert.Equal((Verdict.Deferred, "4.4.3"), (silent.Verdict, silent.Status));
    }

    [Fact]
    public async Task Loop_we_and_what_is_not_better_than_we_are_dropped()
    {
        var hosts = await FindAsync("d.test", h =>
        {
            h.Mx["d.test"] = (DnsStatus.Found, [new(10, "a.test"), new(20, "mx.example.org"), new(20, "b.test"), new(30, "c.test")]);
            h.A["a.test"] = h.A["b.test"] = h.A["c.test"] = [Other];
            h.A["mx.example.org"] = [Own];
        });
        Assert.Equal(["a.test"], hosts.Hosts.Select(h => h.Name));
        var loop = await FindAsync("d.test", h => (h.Mx["d.test"], h.A["me.test"]) = ((DnsStatus.Found, [new(10, "me.test")]), [Own]));
        Assert.Equal((Verdict.Bounced, "5.4.6", "mail for d.test loops back to myself"), (loop.Verdict, loop.Status, loop.Text));
    }
}

using System.Net;
using CsCheck;
using MailServers.Smtp.Addresses;
using MailServers.Smtp.Restrictions;

namespace MailServers.Tests.Smtp.Addresses;

public class AddressResolverTests
{
    static readonly AddressResolver _resolver = new(new(["example.com", "localhost"], ["relay.test"], [IPAddress.Parse("192.0.2.25")]), "example.com");

    static readonly string[] _domains = ["example.com", "relay.test", "far.test", "localhost"];

    [Theory]
    [InlineData("user", "user@example.com", true)]
    [InlineData("user@Example.COM", "user@Example.COM", true)]
    [InlineData("user@[192.0.2.25]", "user@[192.0.2.25]", true)]
    [InlineData("user@relay.test", "user@relay.test", true)]
    [InlineData("user@sub.relay.test", "user@sub.relay.test", true)]
    [InlineData("user@notrelay.test", "user@notrelay.test", false)]
    [InlineData("user@sub.example.com", "user@sub.example.com", false)]
    [InlineData("user@far.test", "user@far.test", false)]
    [InlineData("user@[192.0.2.26]", "user@[192.0.2.26]", false)]
    // Every way to hide the true destination in the local part.
    [InlineData("user%far.test@example.com", "user@far.test", false)]
    [InlineData("user%far.test", "user@far.test", false)]
    [InlineData("far.test!user@example.com", "user@far.test", false)]
    [InlineData("far.test!user", "user@far.test", false)]
    [InlineData("user@far.test@example.com", "user@far.test", false)]
    [InlineData("\"user@far.test\"@example.com", "user@far.test", false)]
    [InlineData("\"user@far.test\"", "user@far.test", false)]
    [InlineData("user%far.test@[192.0.2.25]", "user@far.test", false)]
    [InlineData("user%far.test%example.com@example.com", "user@far.test", false)]
    [InlineData("user%a.test@relay.test", "user%a.test@relay.test", false)]
    [InlineData("a.test!user@relay.test", "a.test!user@relay.test", false)]
    [InlineData("\"user@a.test\"@relay.test", "\"user@a.test\"@relay.test", false)]
    // Routes that end with us are ours.
    [InlineData("user%example.com@example.com", "user@example.com", true)]
    [InlineData("user%relay.test@example.com", "user@relay.test", true)]
    [InlineData("relay.test!user", "user@relay.test", true)]
    public void Resolves(string typed, string resolved, bool authorized)
    {
        Assert.Equal(PathProblem.None, PathParser.TryParse($"<{typed}>", out var address, out _));
        var result = _resolver.Resolve(address);
        Assert.Equal(resolved, result.Address.ToString());
        Assert.Equal(authorized, UnauthDestination.IsAuthorized(result));
    }

    [Fact]
    public void Whatever_is_authorized_ends_at_a_domain_of_ours() =>
        Gen.Char["a@%!.\"\\-"].Array[1, 12].SelectMany(local => Gen.Int[0, 3]
            .Select(i => new MailAddress(new string(local), _domains[i]))).Sample(address =>
        {
            var result = _resolver.Resolve(address);
            return !UnauthDestination.IsAuthorized(result)
                || (result.Address.Domain is "example.com" or "relay.test" or "localhost" && _resolver.Resolve(result.Address).Address == result.Address);
        });
}

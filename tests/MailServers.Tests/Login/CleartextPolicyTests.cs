using System.Net;
using MailServers.Login;

namespace MailServers.Tests.Login;

public sealed class CleartextPolicyTests
{
    [Theory]
    // disable_plaintext_auth, ssl, trusted, same host, TLS → secured, cleartext, authentication
    [InlineData(true, "yes", false, false, false, false, false, true)]
    [InlineData(true, "yes", true, false, false, true, true, true)]
    [InlineData(true, "yes", false, true, false, true, true, true)]
    [InlineData(true, "yes", false, false, true, true, true, true)]
    [InlineData(false, "yes", false, false, false, false, true, true)]
    [InlineData(true, "no", false, false, false, false, false, true)]
    [InlineData(false, "no", false, false, false, false, true, true)]
    [InlineData(true, "no", true, false, false, true, true, true)]
    [InlineData(false, "required", false, false, false, false, false, false)]
    [InlineData(true, "required", false, false, false, false, false, false)]
    [InlineData(true, "required", true, false, false, false, false, false)]
    [InlineData(true, "required", false, true, false, true, true, true)]
    [InlineData(true, "required", false, false, true, true, true, true)]
    public void Every_combination(bool disable, string ssl, bool trusted, bool sameHost, bool tls, bool secured, bool cleartext, bool authentication)
    {
        var settings = new LoginSettings
        {
            DisablePlaintextAuth = disable,
            Tls = Enum.Parse<TlsMode>(ssl, ignoreCase: true),
            TrustedNetworks = trusted ? [IPNetwork.Parse("0.0.0.0/0")] : [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("::/0")],
        };
        var peer = LoginHouse.Stranger with { Local = sameHost ? LoginHouse.Stranger.Remote : LoginHouse.Stranger.Local };
        Assert.Equal(new CleartextPolicy(secured, cleartext, authentication), CleartextPolicy.For(settings, peer, tls));
    }
}

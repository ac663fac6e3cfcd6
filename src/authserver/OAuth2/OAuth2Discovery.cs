using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.OAuth2;

/// <summary>What a client whose token is refused is told (RFC 7628 §3.2.2): where good ones are made, and for which scope.</summary>
static class OAuth2Discovery
{
    /// <summary>As the first oauth2 block says.</summary>
    public static SaslSettings Announce(SaslSettings sasl, AuthServerSettings settings) =>
        settings.Passdbs.FirstOrDefault(p => p.Driver == "oauth2") is not { } block ? sasl
        : sasl with { OpenIdConfiguration = Text(block["openid_configuration_url"]), OAuthScope = Text(block["scope"]) };

    static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}

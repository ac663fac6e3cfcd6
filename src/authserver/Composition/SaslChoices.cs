using AuthServer.Logins;
using AuthServer.OAuth2;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>What the settings say to the mechanisms.</summary>
sealed class SaslChoices(AuthServerSettings settings)
{
    readonly string _host = settings.Values.Text(DovecotConf.AuthGssapiHostname);

    readonly string _anonymous = settings.Values.Text(DovecotConf.AuthAnonymousUsername);

    readonly SaslSettings _settings = OAuth2Discovery.Announce(SaslSettings.Default, settings) with
    {
        Realms = settings.Values.List(DovecotConf.AuthRealms),
        Keytab = settings.Values.Text(DovecotConf.AuthKrb5Keytab) is { Length: > 0 } keytab ? keytab : null,
        DigestServerNonces = settings.Values.Time(DovecotConf.AuthDigestReauthTime) is { Ticks: > 0 } lifetime ? new(lifetime) : null,
    };

    /// <summary>The same for all logins but the principal that GSSAPI accepts for, which has the service's name in it.</summary>
    public SaslSettings For(LoginOrigin origin) => _host is "" or "$ALL" ? _settings
        : _settings with { KerberosService = $"{(origin.Service.Equals("pop3", StringComparison.OrdinalIgnoreCase) ? "pop" : origin.Service.ToLowerInvariant())}@{_host}" };

    /// <summary>A client without a name is the user that auth_anonymous_username names.</summary>
    public SaslStep Named(SaslStep step) =>
        step.Outcome is SaslOutcome.Success { IsAnonymous: true } success ? new(step.Message, success with { AuthenticationId = _anonymous, AuthorizationId = _anonymous }) : step;
}

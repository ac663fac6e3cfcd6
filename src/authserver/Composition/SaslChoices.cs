using AuthServer.Logins;
using AuthServer.OAuth2;
using AuthServer.Passdb;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>What the settings say to the mechanisms.</summary>
sealed class SaslChoices(AuthServerSettings settings, PassdbChain passdbs, ILogger log)
{
    /// <summary>Of hashes for DIGEST-MD5 that Dovecot's tool has made for names without a domain. Where passwords are in clear, any realm will do, and curl wants one.</summary>
    static readonly string[] _noRealm = [""];

    readonly string _host = settings.Values.Text(DovecotConf.AuthGssapiHostname);

    readonly string _anonymous = settings.Values.Text(DovecotConf.AuthAnonymousUsername);

    /// <summary>When it is first needed: by then root has been given up, and the key is the server's own.</summary>
    readonly Lazy<SaslSettings> _first = new(() => OAuth2Discovery.Announce(SaslSettings.Default, settings) with
    {
        Realms = settings.Values.List(DovecotConf.AuthRealms),
        Keytab = settings.Values.Text(DovecotConf.AuthKrb5Keytab) is { Length: > 0 } keytab ? keytab : null,
        DigestServerNonces = settings.Values.Time(DovecotConf.AuthDigestReauthTime) is { Ticks: > 0 } lifetime ? new(lifetime) : null,
        Iterations = settings.Values.Integer(DovecotConf.AuthScramIterations),
        DecoyKey = DecoyKey.Load(settings.StateDirectory, log),
    });

    SaslSettings? _newest;

    public void Begin() => _ = _first.Value;

    /// <summary>The same for all logins but the principal that GSSAPI accepts for, which has the service's name in it.</summary>
    public SaslSettings For(LoginOrigin origin) => _host is "" or "$ALL" ? Settings()
        : Settings() with { KerberosService = $"{(origin.Service.Equals("pop3", StringComparison.OrdinalIgnoreCase) ? "pop" : origin.Service.ToLowerInvariant())}@{_host}" };

    /// <summary>A client without a name is the user that auth_anonymous_username names.</summary>
    public SaslStep Named(SaslStep step) =>
        step.Outcome is SaslOutcome.Success { IsAnonymous: true } success ? new(step.Message, success with { AuthenticationId = _anonymous, AuthorizationId = _anonymous }) : step;

    /// <summary>What most users have stored settles some things, and is seen in time: the rounds of a decoy's keys, and the realm of hashes.</summary>
    SaslSettings Settings()
    {
        var current = Volatile.Read(ref _newest) ?? _first.Value;
        var rounds = passdbs.UsualIterations is > 0 and var usual ? usual : current.Iterations;
        var realms = _first.Value.Realms.Count == 0 && passdbs.HasKeys(SecretKind.DigestMd5) ? _noRealm : _first.Value.Realms;
        if (rounds != current.Iterations || realms != current.Realms)
            Volatile.Write(ref _newest, current = current with { Iterations = rounds, Realms = realms });
        return current;
    }
}

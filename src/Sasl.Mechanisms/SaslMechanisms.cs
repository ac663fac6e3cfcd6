using System.Collections.Frozen;
using Sasl.Mechanisms.Gssapi;

namespace Sasl.Mechanisms;

/// <summary>Every mechanism, one line each.</summary>
public static class SaslMechanisms
{
    const MechanismFlags Plaintext = MechanismFlags.Plaintext, Nul = MechanismFlags.AllowsNul, Anonymous = MechanismFlags.Anonymous,
        Weak = MechanismFlags.Active | MechanismFlags.Dictionary, Kerberos = MechanismFlags.MutualAuth | Nul;

    static readonly SaslMechanism[] _table =
    [
        .. ScramHash.All.SelectMany(h => new[] { Scram.Mechanism(h, isBound: true), Scram.Mechanism(h, isBound: false) }),
        new(GssapiMechanism.Name, FirstMessage.Client, Kerberos, 150, GssapiMechanism.ServeAsync, GssapiMechanism.RequestAsync) { Need = ClientNeed.Kerberos, MaxSsf = 256 },
        new(GssSpnegoMechanism.Name, FirstMessage.Client, Kerberos, 145, GssSpnegoMechanism.ServeAsync, GssSpnegoMechanism.RequestAsync) { Need = ClientNeed.Kerberos, MaxSsf = 256 },
        new("EXTERNAL", FirstMessage.Client, MechanismFlags.None, 60, External.ServeAsync, External.RequestAsync) { Need = ClientNeed.Channel },
        new("OAUTHBEARER", FirstMessage.Client, Plaintext, 30, OAuthBearer.ServeAsync, OAuthBearer.RequestAsync) { Need = ClientNeed.Token },
        new("XOAUTH2", FirstMessage.Client, Plaintext, 25, XOAuth2.ServeAsync, XOAuth2.RequestAsync) { Need = ClientNeed.Token },
        new("DIGEST-MD5", FirstMessage.ServerUnlessInitial, Weak | MechanismFlags.MutualAuth, 22, DigestMd5Server.ServeAsync, DigestMd5Client.RequestAsync)
        {
            MaxSsf = DigestProtection.MaxSsf,
        },
        new("CRAM-MD5", FirstMessage.Server, Weak, 20, CramMd5.ServeAsync, CramMd5.RequestAsync),
        new("PLAIN", FirstMessage.Client, Plaintext | Nul, 10, Plain.ServeAsync, Plain.RequestAsync),
        new("LOGIN", FirstMessage.ServerUnlessInitial, Plaintext, 5, Login.ServeAsync, Login.RequestAsync),
        // Last of those with a password: few passwords are pass-phrases of a sequence, and an attempt locks the user for others.
        new("OTP", FirstMessage.Client, Weak | Nul | MechanismFlags.ForwardSecrecy, 4, Otp.ServeAsync, Otp.RequestAsync),
        new("ANONYMOUS", FirstMessage.Client, Anonymous, 1, AnonymousLogin.ServeAsync, AnonymousLogin.RequestAsync) { Need = ClientNeed.Nothing },
    ];

    static readonly FrozenDictionary<string, SaslMechanism> _byName =
        _table.ToFrozenDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them, the strongest first.</summary>
    public static IReadOnlyList<SaslMechanism> All => _table;

    /// <summary>By its registered name, in any case.</summary>
    public static SaslMechanism? Find(string name) => _byName.GetValueOrDefault(name);
}

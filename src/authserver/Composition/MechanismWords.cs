using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>A mechanism's properties in the words of the MECH line: a policy of the front end (smtpd_sasl_security_options) hangs on them.</summary>
static class MechanismWords
{
    static readonly (MechanismFlags Flag, OfferedFlags Word)[] _pairs =
    [
        (MechanismFlags.Anonymous, OfferedFlags.Anonymous), (MechanismFlags.Plaintext, OfferedFlags.Plaintext),
        (MechanismFlags.Dictionary, OfferedFlags.Dictionary), (MechanismFlags.Active, OfferedFlags.Active),
        (MechanismFlags.ForwardSecrecy, OfferedFlags.ForwardSecrecy), (MechanismFlags.MutualAuth, OfferedFlags.MutualAuth),
        (MechanismFlags.ChannelBinding, OfferedFlags.ChannelBinding),
    ];

    /// <summary>As Dovecot says it, so that a policy that was written for a Dovecot means the same here.</summary>
    public static OfferedFlags Of(SaslMechanism mechanism) => mechanism.Name switch
    {
        "GSSAPI" or "GSS-SPNEGO" => OfferedFlags.None,
        "OTP" => OfferedFlags.Dictionary | OfferedFlags.Active,
        _ => _pairs.Where(p => mechanism.Flags.HasFlag(p.Flag)).Aggregate(OfferedFlags.None, (all, p) => all | p.Word),
    };
}

using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>A mechanism's properties in the words of the MECH line.</summary>
static class MechanismWords
{
    static readonly (MechanismFlags Flag, OfferedFlags Word)[] _pairs =
    [
        (MechanismFlags.Anonymous, OfferedFlags.Anonymous), (MechanismFlags.Plaintext, OfferedFlags.Plaintext),
        (MechanismFlags.Dictionary, OfferedFlags.Dictionary), (MechanismFlags.Active, OfferedFlags.Active),
        (MechanismFlags.ForwardSecrecy, OfferedFlags.ForwardSecrecy), (MechanismFlags.MutualAuth, OfferedFlags.MutualAuth),
        (MechanismFlags.ChannelBinding, OfferedFlags.ChannelBinding),
    ];

    public static OfferedFlags From(MechanismFlags flags) =>
        _pairs.Where(p => flags.HasFlag(p.Flag)).Aggregate(OfferedFlags.None, (all, p) => all | p.Word);
}

namespace Sasl.Mechanisms.Gssapi;

/// <summary>Properties of a context: asked for by the initiator, known to both when it is complete (RFC 2743 §1.2).</summary>
[Flags]
enum GssFlags : uint
{
    None = 0,
    Mutual = 2,
    Replay = 4,
    Sequence = 8,
    Confidentiality = 16,
    Integrity = 32,
    Anonymous = 64,

    /// <summary>MIT, on the acceptor: the initiator gave channel bindings and they are the same.</summary>
    ChannelBound = 0x800,
}

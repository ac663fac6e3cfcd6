using AuthServer.Composition;
using Sasl.Mechanisms;
using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Client;

/// <summary>
/// What a client is told before its first AUTH, and what it may use. MECH comes before SPID: by that Postfix and Exim know the right socket. Mechanisms
/// with a channel binding are only for clients that have said a version which can carry one; so nobody is told of them before he has spoken.
/// </summary>
sealed class Greeting(IEnumerable<SaslMechanism> mechanisms)
{
    readonly (SaslMechanism Mechanism, string Line)[] _offered =
        [.. mechanisms.Select(m => (m, TabLine.Join(new OfferedMechanism(m.Name, MechanismWords.Of(m)).ToFields()) + "\n"))];

    public static string Version { get; } = $"VERSION\t{AuthVersion.Major}\t{AuthVersion.Minor}\n";

    public bool HasBindings => Array.Exists(_offered, o => IsBound(o.Mechanism));

    /// <summary>Everything behind VERSION.</summary>
    /// <param name="minor">The client's version; 0 when it has not spoken yet.</param>
    public string Rest(int minor, string processId, int connection, string cookie) =>
        string.Concat(_offered.Where(o => IsFor(o.Mechanism, minor)).Select(o => o.Line)) + $"SPID\t{processId}\nCUID\t{connection}\nCOOKIE\t{cookie}\nDONE\n";

    /// <summary>Only what is offered can be used.</summary>
    public SaslMechanism? Find(string name, int minor) =>
        Array.Find(_offered, o => string.Equals(o.Mechanism.Name, name, StringComparison.OrdinalIgnoreCase) && IsFor(o.Mechanism, minor)).Mechanism;

    static bool IsFor(SaslMechanism mechanism, int minor) => minor >= AuthVersion.ChannelBindings || !IsBound(mechanism);

    static bool IsBound(SaslMechanism mechanism) => mechanism.Flags.HasFlag(MechanismFlags.ChannelBinding);
}

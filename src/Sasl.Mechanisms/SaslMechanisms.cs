using System.Collections.Frozen;

namespace Sasl.Mechanisms;

/// <summary>Every mechanism, one line each.</summary>
public static class SaslMechanisms
{
    static readonly SaslMechanism[] _table =
    [
        new("PLAIN", FirstMessage.Client, MechanismFlags.Plaintext | MechanismFlags.AllowsNul, 10, Plain.ServeAsync, Plain.RequestAsync),
        new("LOGIN", FirstMessage.ServerUnlessInitial, MechanismFlags.Plaintext, 5, Login.ServeAsync, Login.RequestAsync),
    ];

    static readonly FrozenDictionary<string, SaslMechanism> _byName =
        _table.ToFrozenDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<SaslMechanism> All => _table;

    /// <summary>By its registered name, in any case.</summary>
    public static SaslMechanism? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The strongest that both sides know and no forbidden flag bars, or null.</summary>
    public static SaslMechanism? Choose(IEnumerable<string> offered, MechanismFlags forbidden = MechanismFlags.None) =>
        offered.Select(Find).OfType<SaslMechanism>().Where(m => (m.Flags & forbidden) == 0).MaxBy(m => m.Strength);
}

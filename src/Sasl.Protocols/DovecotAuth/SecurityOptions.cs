namespace Sasl.Protocols.DovecotAuth;

/// <summary>smtpd_sasl_security_options: which of the offered mechanisms a server may announce.</summary>
public static class SecurityOptions
{
    static readonly (string Option, OfferedFlags Flag, bool Wanted)[] _rules =
    [
        ("noplaintext", OfferedFlags.Plaintext, false),
        ("noactive", OfferedFlags.Active, false),
        ("nodictionary", OfferedFlags.Dictionary, false),
        ("noanonymous", OfferedFlags.Anonymous, false),
        ("forward_secrecy", OfferedFlags.ForwardSecrecy, true),
        ("mutual_auth", OfferedFlags.MutualAuth, true),
    ];

    public static IEnumerable<string> Names => _rules.Select(r => r.Option);

    /// <summary>Those with every required property and none of the forbidden ones; mechanisms for the house alone never.</summary>
    public static IReadOnlyList<OfferedMechanism> Filter(IEnumerable<OfferedMechanism> offered, IReadOnlyCollection<string> options)
    {
        OfferedFlags required = 0, forbidden = OfferedFlags.Private;
        foreach (var (option, flag, wanted) in _rules)
        {
            if (!options.Contains(option, StringComparer.OrdinalIgnoreCase))
                continue;
            if (wanted)
                required |= flag;
            else
                forbidden |= flag;
        }
        return [.. offered.Where(m => (m.Flags & forbidden) == 0 && (m.Flags & required) == required)];
    }
}

using System.Collections.Frozen;

namespace MailServers.Smtp.Restrictions;

/// <summary>All words that a restriction list may hold, the obsolete spellings included.</summary>
static class RestrictionTable
{
    /// <summary>A prefix, not a restriction: the next word's refusal is only logged.</summary>
    public const string WarnIfReject = "warn_if_reject";

    static readonly FrozenDictionary<string, IRestriction> _restrictions = All().ToFrozenDictionary(p => p.Name, p => p.Restriction, StringComparer.OrdinalIgnoreCase);

    public static IRestriction? Find(string name) => _restrictions.GetValueOrDefault(name);

    static IEnumerable<(string Name, IRestriction Restriction)> All()
    {
        IRestriction[] restrictions =
        [
            new Permit(), new Reject(), new Defer(), new DeferIfPermit(),
            new PermitMyNetworks(), new PermitInetInterfaces(), new PermitSaslAuthenticated(), new PermitAuthDestination(),
            new UnauthDestination("reject_unauth_destination", static s => RejectCodes.Status(s.Codes.Relay, "7.1")),
            new UnauthDestination("defer_unauth_destination", static _ => "454 4.7.1"),
            new UnknownSenderDomain(), new UnknownRecipientDomain(),
            new NonFqdnSender(), new NonFqdnRecipient(), new NonFqdnHelo(), new InvalidHelo(), new RejectPlaintextSession(), new RejectUnauthPipelining(),
        ];
        foreach (var restriction in restrictions)
            yield return (restriction.Name, restriction);
        yield return ("reject_unknown_address", new UnknownSenderDomain());
        yield return ("reject_non_fqdn_hostname", new NonFqdnHelo());
        yield return ("reject_invalid_hostname", new InvalidHelo());
    }
}

namespace MailServers.Smtp.Restrictions;

/// <summary>
/// Whether a server with these lists can be an open relay. At least one list must come to an unconditional refusal of foreign
/// recipients; what stands behind an unconditional permit, or after warn_if_reject, guards nothing.
/// </summary>
static class RelayGuard
{
    static readonly string[] _guards = ["reject_unauth_destination", "defer_unauth_destination", "reject", "defer", "defer_if_permit", "check_relay_domains"];

    public const string Complaint =
        "in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of: "
        + "reject_unauth_destination, defer_unauth_destination, reject, defer, defer_if_permit or check_relay_domains";

    public static bool IsGuarded(IEnumerable<string> relayRestrictions, IEnumerable<string> recipientRestrictions) =>
        Guards(relayRestrictions) || Guards(recipientRestrictions);

    static bool Guards(IEnumerable<string> list)
    {
        var onlyWarns = false;
        foreach (var word in list)
        {
            if (word.Equals(RestrictionTable.WarnIfReject, StringComparison.OrdinalIgnoreCase))
            {
                onlyWarns = true;
                continue;
            }
            if (!onlyWarns && word.Equals("permit", StringComparison.OrdinalIgnoreCase))
                return false;
            if (!onlyWarns && _guards.Contains(word, StringComparer.OrdinalIgnoreCase))
                return true;
            onlyWarns = false;
        }
        return false;
    }
}

using System.Collections.Frozen;

namespace Sasl.Hosting.Configuration;

/// <summary>One access restriction of smtpd: does a word follow that belongs to it, is it done here, does it guard the relay?</summary>
public sealed record Restriction(string Name, bool TakesArgument, bool IsSupported, bool GuardsRelay);

/// <summary>The names that may stand in smtpd_*_restrictions. Names are not case sensitive.</summary>
public static class RestrictionTable
{
    static readonly FrozenDictionary<string, Restriction> _byName = Build();

    public static Restriction? Find(string name) => _byName.GetValueOrDefault(name);

    public static IEnumerable<string> Names => _byName.Keys;

    static FrozenDictionary<string, Restriction> Build()
    {
        var all = new Dictionary<string, Restriction>(StringComparer.OrdinalIgnoreCase);
        Add("permit permit_mynetworks permit_sasl_authenticated permit_auth_destination permit_inet_interfaces warn_if_reject", isSupported: true);
        Add("reject_unknown_sender_domain reject_unknown_recipient_domain reject_unknown_address", isSupported: true);
        Add("reject_non_fqdn_sender reject_non_fqdn_recipient reject_non_fqdn_helo_hostname reject_non_fqdn_hostname", isSupported: true);
        Add("reject_invalid_helo_hostname reject_invalid_hostname reject_plaintext_session reject_unauth_pipelining", isSupported: true);
        Add("reject_unauth_destination defer_unauth_destination reject defer defer_if_permit", isSupported: true, guardsRelay: true);
        Add("check_relay_domains", guardsRelay: true);
        Add("permit_tls_clientcerts permit_tls_all_clientcerts permit_mx_backup permit_naked_ip_address defer_if_reject");
        Add("reject_unlisted_recipient reject_unlisted_sender reject_multi_recipient_bounce");
        Add("reject_sender_login_mismatch reject_authenticated_sender_login_mismatch");
        Add("reject_known_sender_login_mismatch reject_unauthenticated_sender_login_mismatch");
        Add("reject_unknown_reverse_client_hostname reject_unknown_client_hostname reject_unknown_helo_hostname");
        Add("reject_unverified_sender reject_unverified_recipient reject_unknown_client reject_unknown_hostname reject_maps_rbl reject_rbl");
        Add("sleep reject_rbl_client permit_dnswl_client permit_rhswl_client check_policy_service", takesArgument: true);
        Add("reject_rhsbl_client reject_rhsbl_reverse_client reject_rhsbl_helo reject_rhsbl_sender reject_rhsbl_recipient", takesArgument: true);
        Add("check_client_access check_reverse_client_hostname_access check_helo_access check_sender_access", takesArgument: true);
        Add("check_recipient_access check_etrn_access check_sasl_access check_ccert_access", takesArgument: true);
        foreach (var subject in new[] { "client", "reverse_client_hostname", "helo", "sender", "recipient" })
            Add($"check_{subject}_a_access check_{subject}_mx_access check_{subject}_ns_access", takesArgument: true);
        return all.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

        void Add(string names, bool takesArgument = false, bool isSupported = false, bool guardsRelay = false)
        {
            foreach (var name in names.Split(' '))
                all.Add(name, new(name, takesArgument, isSupported, guardsRelay));
        }
    }
}

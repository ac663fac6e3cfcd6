namespace Sasl.Hosting.Configuration;

// Who may do what: access restrictions of the SMTP server.
public static partial class MainCf
{
    public static readonly Setting SmtpdClientRestrictions = List("smtpd_client_restrictions", "",
        "Checks of the client.");

    public static readonly Setting SmtpdHeloRestrictions = List("smtpd_helo_restrictions", "",
        "Checks of the HELO name.");

    public static readonly Setting SmtpdSenderRestrictions = List("smtpd_sender_restrictions", "",
        "Checks of the sender.");

    public static readonly Setting SmtpdRelayRestrictions = List("smtpd_relay_restrictions", "${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}",
        "Who may relay; checked before smtpd_recipient_restrictions.");

    public static readonly Setting SmtpdRecipientRestrictions = List("smtpd_recipient_restrictions", "",
        "Checks of each recipient.");

    public static readonly Setting SmtpdDataRestrictions = List("smtpd_data_restrictions", "",
        "Checks at DATA.");

    public static readonly Setting SmtpdEndOfDataRestrictions = List("smtpd_end_of_data_restrictions", "",
        "Checks at the end of the content.");

    public static readonly Setting SmtpdEtrnRestrictions = List("smtpd_etrn_restrictions", "",
        "Checks at ETRN.");

    public static readonly Setting SmtpdRelayBeforeRecipientRestrictions = YesNo("smtpd_relay_before_recipient_restrictions", "${{$compatibility_level} <level {3.6} ? {no} : {yes}}",
        "Run the relay restrictions before those of recipients.");

    public static readonly Setting SmtpdRestrictionClasses = List("smtpd_restriction_classes", "",
        "Names of restriction lists that other lists may use.");

    public static readonly Setting RelayDomains = List("relay_domains", "${{$compatibility_level} <level {2} ? {$mydestination} : {}}",
        "Domains that this machine relays to for anybody.");

    public static readonly Setting RelayDomainsRejectCode = Number("relay_domains_reject_code", "554",
        "The reply code of reject_unauth_destination.", s => s with { Minimum = 400, Maximum = 599 });

    public static readonly Setting RejectCode = Number("reject_code", "554",
        "The reply code of reject.", s => s with { Minimum = 400, Maximum = 599 });

    public static readonly Setting DeferCode = Number("defer_code", "450",
        "The reply code of defer.", s => s with { Minimum = 400, Maximum = 599 });

    public static readonly Setting AccessMapRejectCode = Number("access_map_reject_code", "554",
        "The reply code of REJECT in an access table.", s => s with { Minimum = 400, Maximum = 599, IsUnsupported = true });

    public static readonly Setting AccessMapDeferCode = Number("access_map_defer_code", "450",
        "The reply code of DEFER in an access table.", s => s with { Minimum = 400, Maximum = 599, IsUnsupported = true });

    public static readonly Setting UnknownAddressRejectCode = Number("unknown_address_reject_code", "450",
        "The reply code when a domain does not exist.", s => s with { Minimum = 400, Maximum = 599 });

    public static readonly Setting UnknownClientRejectCode = Number("unknown_client_reject_code", "450",
        "The reply code when the client's name is not known.", s => s with { Minimum = 400, Maximum = 599, IsUnsupported = true });

    public static readonly Setting UnknownHostnameRejectCode = Number("unknown_hostname_reject_code", "450",
        "The reply code when the HELO name does not exist.", s => s with { Minimum = 400, Maximum = 599, IsUnsupported = true });

    public static readonly Setting InvalidHostnameRejectCode = Number("invalid_hostname_reject_code", "501",
        "The reply code of an invalid HELO name.", s => s with { Minimum = 400, Maximum = 599 });

    public static readonly Setting NonFqdnRejectCode = Number("non_fqdn_reject_code", "504",
        "The reply code of a name that is not fully qualified.", s => s with { Minimum = 400, Maximum = 599 });

    public static readonly Setting MultiRecipientBounceRejectCode = Number("multi_recipient_bounce_reject_code", "550",
        "The reply code of a bounce to several recipients.", s => s with { Minimum = 400, Maximum = 599, IsUnsupported = true });

    public static readonly Setting PlaintextRejectCode = Number("plaintext_reject_code", "450",
        "The reply code of reject_plaintext_session.", s => s with { Minimum = 400, Maximum = 599 });

    public static readonly Setting UnknownLocalRecipientRejectCode = Number("unknown_local_recipient_reject_code", "550",
        "The reply code of an unknown local user.", s => s with { Minimum = 400, Maximum = 599 });

    public static readonly Setting UnknownRelayRecipientRejectCode = Number("unknown_relay_recipient_reject_code", "550",
        "The reply code of an unknown relay recipient.", s => s with { Minimum = 400, Maximum = 599, IsUnsupported = true });

    public static readonly Setting UnknownVirtualAliasRejectCode = Number("unknown_virtual_alias_reject_code", "550",
        "The reply code of an unknown virtual alias.", s => s with { Minimum = 400, Maximum = 599, IsUnsupported = true });

    public static readonly Setting UnknownVirtualMailboxRejectCode = Number("unknown_virtual_mailbox_reject_code", "550",
        "The reply code of an unknown virtual mailbox.", s => s with { Minimum = 400, Maximum = 599, IsUnsupported = true });

    public static readonly Setting MapsRblRejectCode = Number("maps_rbl_reject_code", "554",
        "The reply code of a client on a block list.", s => s with { Minimum = 400, Maximum = 599, IsUnsupported = true });

    public static readonly Setting SmtpdRejectUnlistedRecipient = YesNo("smtpd_reject_unlisted_recipient", "yes",
        "Refuse recipients that do not exist.");

    public static readonly Setting SmtpdRejectUnlistedSender = YesNo("smtpd_reject_unlisted_sender", "no",
        "Refuse senders of our domains that do not exist.", s => s with { IsUnsupported = true });

    public static readonly Setting ShowUserUnknownTableName = YesNo("show_user_unknown_table_name", "yes",
        "Name the table in \"User unknown in ... table\".");

    public static readonly Setting SmtpdSenderLoginMaps = List("smtpd_sender_login_maps", "",
        "Which logins own a sender address.", s => s with { IsUnsupported = true });

    public static readonly Setting RejectTempfailAction = Text("reject_tempfail_action", "defer_if_permit",
        "What a restriction does after a temporary error.", s => s with { IsUnsupported = true });

    public static readonly Setting PermitMxBackupNetworks = List("permit_mx_backup_networks", "",
        "Networks of the primary MX hosts for permit_mx_backup.", s => s with { IsUnsupported = true });

    public static readonly Setting DefaultRblReply = Text("default_rbl_reply", "$rbl_code Service unavailable; $rbl_class [$rbl_what] blocked using $rbl_domain${rbl_reason?; $rbl_reason}",
        "The reply to a client on a block list.", s => s with { IsRaw = true, IsUnsupported = true });

    public static readonly Setting SmtpdRejectFooter = Text("smtpd_reject_footer", "",
        "A line after every refusal.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdNullAccessLookupKey = Text("smtpd_null_access_lookup_key", "<>",
        "The key of the null sender in access tables.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdPolicyServiceTimeout = Time("smtpd_policy_service_timeout", "100s",
        "Longest wait for a policy server.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdPolicyServiceDefaultAction = Text("smtpd_policy_service_default_action", "451 4.3.5 Server configuration problem",
        "The action when a policy server fails.", s => s with { IsUnsupported = true });
}

namespace Sasl.Hosting.Configuration;

// Where mail goes.
public static partial class MainCf
{
    public static readonly Setting Relayhost = List("relayhost", "",
        "The next hop of mail for others; [host] skips the MX look-up.");

    public static readonly Setting TransportMaps = List("transport_maps", "",
        "Transport and next hop by recipient or domain.", s => s with { IsUnsupported = true });

    public static readonly Setting DefaultTransport = Text("default_transport", "smtp",
        "The transport of mail for others.");

    public static readonly Setting RelayTransport = Text("relay_transport", "relay",
        "The transport of relay domains.");

    public static readonly Setting LocalTransport = Text("local_transport", "local:$myhostname",
        "The transport of mydestination; error: text refuses it.");

    public static readonly Setting VirtualTransport = Text("virtual_transport", "virtual",
        "The transport of virtual mailbox domains.", s => s with { IsUnsupported = true });

    public static readonly Setting LocalRecipientMaps = List("local_recipient_maps", "proxy:unix:passwd.byname $alias_maps",
        "Tables of local users; empty accepts all.");

    public static readonly Setting RelayRecipientMaps = List("relay_recipient_maps", "",
        "Tables of recipients in relay_domains; empty accepts all.", s => s with { IsUnsupported = true });

    public static readonly Setting VirtualAliasDomains = List("virtual_alias_domains", "$virtual_alias_maps",
        "Domains all of whose addresses are aliases.", s => s with { IsUnsupported = true });

    public static readonly Setting VirtualAliasMaps = List("virtual_alias_maps", "$virtual_maps",
        "Aliases of any address.", s => s with { IsUnsupported = true });

    public static readonly Setting VirtualMailboxDomains = List("virtual_mailbox_domains", "$virtual_mailbox_maps",
        "Domains of virtual mailboxes.", s => s with { IsUnsupported = true });

    public static readonly Setting VirtualMailboxMaps = List("virtual_mailbox_maps", "",
        "Virtual mailboxes by address.", s => s with { IsUnsupported = true });

    public static readonly Setting VirtualMailboxBase = Text("virtual_mailbox_base", "",
        "The directory of virtual mailboxes.", s => s with { IsUnsupported = true });

    public static readonly Setting VirtualUidMaps = List("virtual_uid_maps", "",
        "Owners of virtual mailboxes.", s => s with { IsUnsupported = true });

    public static readonly Setting VirtualGidMaps = List("virtual_gid_maps", "",
        "Groups of virtual mailboxes.", s => s with { IsUnsupported = true });

    public static readonly Setting VirtualMinimumUid = Number("virtual_minimum_uid", "100",
        "The least uid of a virtual mailbox.", s => s with { IsUnsupported = true });

    public static readonly Setting VirtualMailboxLimit = Size("virtual_mailbox_limit", "51200000",
        "Bytes of a virtual mailbox.", s => s with { IsUnsupported = true });

    public static readonly Setting CanonicalMaps = List("canonical_maps", "",
        "Address rewriting.", s => s with { IsUnsupported = true });

    public static readonly Setting SenderCanonicalMaps = List("sender_canonical_maps", "",
        "Rewriting of senders.", s => s with { IsUnsupported = true });

    public static readonly Setting RecipientCanonicalMaps = List("recipient_canonical_maps", "",
        "Rewriting of recipients.", s => s with { IsUnsupported = true });

    public static readonly Setting MasqueradeDomains = List("masquerade_domains", "",
        "Domains whose host parts are removed.", s => s with { IsUnsupported = true });

    public static readonly Setting RelocatedMaps = List("relocated_maps", "",
        "Users who have moved.", s => s with { IsUnsupported = true });

    public static readonly Setting SenderDependentRelayhostMaps = List("sender_dependent_relayhost_maps", "",
        "Next hops by sender.", s => s with { IsUnsupported = true });

    public static readonly Setting SenderDependentDefaultTransportMaps = List("sender_dependent_default_transport_maps", "",
        "Transports by sender.", s => s with { IsUnsupported = true });

    public static readonly Setting AlwaysBcc = Text("always_bcc", "",
        "An address that gets a copy of everything.", s => s with { IsUnsupported = true });

    public static readonly Setting SenderBccMaps = List("sender_bcc_maps", "",
        "Copies by sender.", s => s with { IsUnsupported = true });

    public static readonly Setting RecipientBccMaps = List("recipient_bcc_maps", "",
        "Copies by recipient.", s => s with { IsUnsupported = true });

    public static readonly Setting HeaderChecks = List("header_checks", "",
        "Checks of message headers.", s => s with { IsUnsupported = true });

    public static readonly Setting BodyChecks = List("body_checks", "",
        "Checks of message bodies.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpGenericMaps = List("smtp_generic_maps", "",
        "Rewriting on the way out.", s => s with { IsUnsupported = true });

    public static readonly Setting FallbackTransport = Text("fallback_transport", "",
        "A transport for users that do not exist.", s => s with { IsUnsupported = true });

    public static readonly Setting LuserRelay = Text("luser_relay", "",
        "An address for users that do not exist.", s => s with { IsUnsupported = true });

    public static readonly Setting LocalHeaderRewriteClients = List("local_header_rewrite_clients", "permit_inet_interfaces",
        "Clients whose headers are completed.", s => s with { IsUnsupported = true });

    public static readonly Setting AlwaysAddMissingHeaders = YesNo("always_add_missing_headers", "no",
        "Complete the headers of everybody's mail.");

    public static readonly Setting SmtpHostLookup = List("smtp_host_lookup", "dns",
        "How the client finds hosts: dns, native.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpFallbackRelay = List("smtp_fallback_relay", "$fallback_relay",
        "Hosts to try when no other is reached.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpBindAddress = Text("smtp_bind_address", "",
        "The client's IPv4 address.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpBindAddress6 = Text("smtp_bind_address6", "",
        "The client's IPv6 address.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpHeloName = Text("smtp_helo_name", "$myhostname",
        "The name that the client gives.");

    public static readonly Setting SmtpTcpPort = Text("smtp_tcp_port", "smtp",
        "The port that the client connects to.");

    public static readonly Setting SmtpAddressPreference = Text("smtp_address_preference", "any",
        "Which of IPv4 and IPv6 is tried first.", s => s with { Choices = ["any", "ipv4", "ipv6"], IsUnsupported = true });

    public static readonly Setting SmtpRandomizeAddresses = YesNo("smtp_randomize_addresses", "yes",
        "Shuffle hosts of equal preference.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpMxAddressLimit = Number("smtp_mx_address_limit", "5",
        "Addresses to try; 0 is no limit.");

    public static readonly Setting SmtpMxSessionLimit = Number("smtp_mx_session_limit", "2",
        "Sessions to try; 0 is no limit.");

    public static readonly Setting SmtpLineLengthLimit = Number("smtp_line_length_limit", "998",
        "Bytes of a line that the client sends; longer ones are folded.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpSkip5xxGreeting = YesNo("smtp_skip_5xx_greeting", "yes",
        "Try the next host after a 5xx greeting.", s => s with { IsUnsupported = true });

    public static readonly Setting IgnoreMxLookupError = YesNo("ignore_mx_lookup_error", "no",
        "Look for an address when the MX look-up fails.", s => s with { IsUnsupported = true });

    public static readonly Setting DisableDnsLookups = YesNo("disable_dns_lookups", "no",
        "No DNS in the client.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpConnectTimeout = Time("smtp_connect_timeout", "30s",
        "Longest wait for a connection.");

    public static readonly Setting SmtpHeloTimeout = Time("smtp_helo_timeout", "300s",
        "Longest wait for the greeting and EHLO.");

    public static readonly Setting SmtpMailTimeout = Time("smtp_mail_timeout", "300s",
        "Longest wait for the reply to MAIL.");

    public static readonly Setting SmtpRcptTimeout = Time("smtp_rcpt_timeout", "300s",
        "Longest wait for the reply to RCPT.");

    public static readonly Setting SmtpDataInitTimeout = Time("smtp_data_init_timeout", "120s",
        "Longest wait for the reply to DATA.");

    public static readonly Setting SmtpDataXferTimeout = Time("smtp_data_xfer_timeout", "180s",
        "Longest wait while the content is sent.");

    public static readonly Setting SmtpDataDoneTimeout = Time("smtp_data_done_timeout", "600s",
        "Longest wait for the reply to the end of the content.");

    public static readonly Setting SmtpQuitTimeout = Time("smtp_quit_timeout", "300s",
        "Longest wait for the reply to QUIT.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpStarttlsTimeout = Time("smtp_starttls_timeout", "300s",
        "Longest TLS handshake of the client.", s => s with { IsUnsupported = true });
}

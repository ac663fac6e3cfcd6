namespace Sasl.Hosting.Configuration;

// The SMTP server: dialogue, limits, replies.
public static partial class MainCf
{
    public static readonly Setting SmtpdBanner = Text("smtpd_banner", "$myhostname ESMTP $mail_name",
        "The text after 220.");

    public static readonly Setting SmtpdRecipientLimit = Number("smtpd_recipient_limit", "1000",
        "Recipients of one message.", s => s with { Minimum = 1 });

    public static readonly Setting SmtpdRecipientOvershootLimit = Number("smtpd_recipient_overshoot_limit", "1000",
        "Recipients over the limit that are refused before it counts as an error.", s => s with { Minimum = 1 });

    public static readonly Setting SmtpdTimeout = Time("smtpd_timeout", "${stress?{10}:{300}}s",
        "Longest wait for the client.", s => s with { Minimum = 1 });

    public static readonly Setting SmtpdStarttlsTimeout = Time("smtpd_starttls_timeout", "${stress?{10}:{300}}s",
        "Longest TLS handshake.", s => s with { Minimum = 1 });

    public static readonly Setting SmtpdErrorSleepTime = Time("smtpd_error_sleep_time", "1s",
        "Delay of a reply to a client that has made many errors.");

    public static readonly Setting SmtpdSoftErrorLimit = Number("smtpd_soft_error_limit", "10",
        "Errors after which replies are delayed.", s => s with { Minimum = 1 });

    public static readonly Setting SmtpdHardErrorLimit = Number("smtpd_hard_error_limit", "${stress?{1}:{20}}",
        "Errors after which the connection is closed.", s => s with { Minimum = 1 });

    public static readonly Setting SmtpdJunkCommandLimit = Number("smtpd_junk_command_limit", "${stress?{1}:{100}}",
        "NOOP, RSET, VRFY, ETRN and the like before they count as errors.", s => s with { Minimum = 1 });

    public static readonly Setting SmtpdHeloRequired = YesNo("smtpd_helo_required", "no",
        "Refuse MAIL before HELO or EHLO.");

    public static readonly Setting DisableVrfyCommand = YesNo("disable_vrfy_command", "no",
        "Refuse VRFY.");

    public static readonly Setting SmtpdDelayReject = YesNo("smtpd_delay_reject", "yes",
        "Run the client, helo and sender restrictions at RCPT.");

    public static readonly Setting SmtpdPeernameLookup = YesNo("smtpd_peername_lookup", "yes",
        "Look up the client's host name.");

    public static readonly Setting SmtpdClientPortLogging = YesNo("smtpd_client_port_logging", "no",
        "Log the client's port.");

    public static readonly Setting StrictRfc821Envelopes = YesNo("strict_rfc821_envelopes", "no",
        "Demand <> around addresses in MAIL and RCPT.");

    public static readonly Setting SmtpdDiscardEhloKeywords = List("smtpd_discard_ehlo_keywords", "",
        "EHLO keywords that are not announced and whose features are off.");

    public static readonly Setting SmtpdDiscardEhloKeywordAddressMaps = List("smtpd_discard_ehlo_keyword_address_maps", "",
        "The same by client address.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdForbidBareNewline = Text("smtpd_forbid_bare_newline", "normalize",
        "What to do with a line end that is a bare LF.", s => s with { Choices = ["no", "note", "normalize", "yes", "reject"] });

    public static readonly Setting SmtpdForbidBareNewlineExclusions = List("smtpd_forbid_bare_newline_exclusions", "$mynetworks",
        "Clients that may send bare LF.");

    public static readonly Setting SmtpdForbidBareNewlineRejectCode = Number("smtpd_forbid_bare_newline_reject_code", "550",
        "The reply code for a bare LF.", s => s with { Minimum = 400, Maximum = 599 });

    public static readonly Setting SmtpdForbidUnauthPipelining = YesNo("smtpd_forbid_unauth_pipelining", "yes",
        "Close the connection of a client that talks too early.");

    public static readonly Setting SmtpdForbiddenCommands = List("smtpd_forbidden_commands", "CONNECT GET POST regexp:{{/^[^A-Z]/ Bogus}}",
        "Commands of other protocols: the connection is closed.");

    public static readonly Setting SmtpdNoopCommands = List("smtpd_noop_commands", "",
        "Commands that are answered like NOOP.");

    public static readonly Setting SmtpdClientConnectionCountLimit = Number("smtpd_client_connection_count_limit", "50",
        "Connections of one client at a time.");

    public static readonly Setting SmtpdClientConnectionRateLimit = Number("smtpd_client_connection_rate_limit", "0",
        "Connections of one client in anvil_rate_time_unit; 0 is no limit.");

    public static readonly Setting SmtpdClientMessageRateLimit = Number("smtpd_client_message_rate_limit", "0",
        "Messages of one client in anvil_rate_time_unit; 0 is no limit.");

    public static readonly Setting SmtpdClientRecipientRateLimit = Number("smtpd_client_recipient_rate_limit", "0",
        "Recipients of one client in anvil_rate_time_unit; 0 is no limit.");

    public static readonly Setting SmtpdClientAuthRateLimit = Number("smtpd_client_auth_rate_limit", "0",
        "AUTH commands of one client in anvil_rate_time_unit; 0 is no limit.");

    public static readonly Setting SmtpdClientNewTlsSessionRateLimit = Number("smtpd_client_new_tls_session_rate_limit", "0",
        "TLS handshakes of one client in anvil_rate_time_unit; 0 is no limit.");

    public static readonly Setting SmtpdClientEventLimitExceptions = List("smtpd_client_event_limit_exceptions", "${smtpd_client_connection_limit_exceptions:$mynetworks}",
        "Clients without those limits.");

    public static readonly Setting AnvilRateTimeUnit = Time("anvil_rate_time_unit", "60s",
        "The time over which the rates of clients are counted.", s => s with { Minimum = 1 });

    public static readonly Setting MessageSizeLimit = Size("message_size_limit", "10240000",
        "Bytes of one message; 0 is no limit.");

    public static readonly Setting HeaderSizeLimit = Size("header_size_limit", "102400",
        "Bytes of one header.", s => s with { IsUnsupported = true });

    public static readonly Setting LineLengthLimit = Number("line_length_limit", "2048",
        "Bytes of one command line.", s => s with { Minimum = 512 });

    public static readonly Setting HopcountLimit = Number("hopcount_limit", "50",
        "Received headers before a message counts as looping.", s => s with { Minimum = 1 });

    public static readonly Setting QueueMinfree = Size("queue_minfree", "0",
        "Free bytes of the queue's file system below which mail is refused.");

    public static readonly Setting SmtpdUpstreamProxyProtocol = Text("smtpd_upstream_proxy_protocol", "",
        "The protocol of a proxy in front: haproxy.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdAuthorizedXclientHosts = List("smtpd_authorized_xclient_hosts", "",
        "Clients that may use XCLIENT.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdAuthorizedXforwardHosts = List("smtpd_authorized_xforward_hosts", "",
        "Clients that may use XFORWARD.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdServiceName = Text("smtpd_service_name", "smtpd",
        "The name of the service behind postscreen.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdHideClientSession = YesNo("smtpd_hide_client_session", "no",
        "Leave the client out of the Received header.");

    public static readonly Setting SmtpdLogAccessPermitActions = List("smtpd_log_access_permit_actions", "",
        "Permit actions that are logged.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdMilters = List("smtpd_milters", "",
        "Milters of the SMTP server.", s => s with { IsUnsupported = true });

    public static readonly Setting NonSmtpdMilters = List("non_smtpd_milters", "",
        "Milters for mail that does not come by SMTP.", s => s with { IsUnsupported = true });

    public static readonly Setting MilterDefaultAction = Text("milter_default_action", "tempfail",
        "What to do when a milter fails.", s => s with { IsUnsupported = true });

    public static readonly Setting MilterProtocol = Number("milter_protocol", "6",
        "The protocol version that milters are offered.", s => s with { IsUnsupported = true });

    public static readonly Setting ContentFilter = Text("content_filter", "",
        "A filter that all mail passes.", s => s with { IsUnsupported = true });
}

namespace Sasl.Hosting.Configuration;

// What the protocols do.
public static partial class DovecotConf
{
    public static readonly Setting ImapMaxLineLength = Size("imap_max_line_length", "64k",
        "Bytes of a command line.");

    public static readonly Setting ImapCapability = Text("imap_capability", "",
        "The capabilities that are announced.", s => s with { IsUnsupported = true });

    public static readonly Setting ImapLogoutFormat = Text("imap_logout_format", "in=%i out=%o",
        "What is logged at the end of a session.", s => s with { IsUnsupported = true });

    public static readonly Setting ImapIdSend = Text("imap_id_send", "name *",
        "What ID answers.");

    public static readonly Setting ImapIdLog = Text("imap_id_log", "",
        "Which fields of ID are logged.", s => s with { IsUnsupported = true });

    public static readonly Setting ImapIdleNotifyInterval = Time("imap_idle_notify_interval", "2 mins",
        "How often IDLE says that it is there.");

    public static readonly Setting ImapClientWorkarounds = List("imap_client_workarounds", "",
        "Old clients to be kind to.", s => s with { IsUnsupported = true });

    public static readonly Setting ImapHibernateTimeout = Time("imap_hibernate_timeout", "0",
        "After which time an idle session sleeps.", s => s with { IsUnsupported = true });

    public static readonly Setting ImapLiteralMinus = YesNo("imap_literal_minus", "no",
        "Announce LITERAL- instead of LITERAL+.");

    public static readonly Setting ImapMetadata = YesNo("imap_metadata", "no",
        "METADATA.", s => s with { IsUnsupported = true });

    public static readonly Setting Pop3NoFlagUpdates = YesNo("pop3_no_flag_updates", "no",
        "Reading does not set the Seen flag.");

    public static readonly Setting Pop3EnableLast = YesNo("pop3_enable_last", "no",
        "The LAST command.", s => s with { IsUnsupported = true });

    public static readonly Setting Pop3LockSession = YesNo("pop3_lock_session", "no",
        "Lock the mailbox for the whole session.", s => s with { IsUnsupported = true });

    public static readonly Setting Pop3SaveUidl = YesNo("pop3_save_uidl", "no",
        "Keep the UIDL of a message.", s => s with { IsUnsupported = true });

    public static readonly Setting Pop3ReuseXuidl = YesNo("pop3_reuse_xuidl", "no",
        "Take the UIDL from X-UIDL.", s => s with { IsUnsupported = true });

    public static readonly Setting Pop3UidlFormat = Text("pop3_uidl_format", "%08Xu%08Xv",
        "The form of UIDL.");

    public static readonly Setting Pop3ClientWorkarounds = List("pop3_client_workarounds", "",
        "Old clients to be kind to.", s => s with { IsUnsupported = true });

    public static readonly Setting Pop3DeleteType = Text("pop3_delete_type", "default",
        "What DELE does: expunge or flag.", s => s with { IsUnsupported = true });

    public static readonly Setting Pop3LogoutFormat = Text("pop3_logout_format", "top=%t/%p, retr=%r/%b, del=%d/%m, size=%s",
        "What is logged at the end of a session.", s => s with { IsUnsupported = true });

    public static readonly Setting LmtpProxy = YesNo("lmtp_proxy", "no",
        "Pass mail on to other servers.", s => s with { IsUnsupported = true });

    public static readonly Setting LmtpSaveToDetailMailbox = YesNo("lmtp_save_to_detail_mailbox", "no",
        "user+folder delivers to the folder.", s => s with { IsUnsupported = true });

    public static readonly Setting LmtpRcptCheckQuota = YesNo("lmtp_rcpt_check_quota", "no",
        "Check the quota at RCPT.", s => s with { IsUnsupported = true });

    public static readonly Setting LmtpHdrDeliveryAddress = Text("lmtp_hdr_delivery_address", "final",
        "The address in Delivered-To: final, original, none.", s => s with { Choices = ["final", "original", "none"], IsUnsupported = true });

    public static readonly Setting LmtpUserConcurrencyLimit = Number("lmtp_user_concurrency_limit", "0",
        "Deliveries to one user at a time; 0 is no limit.", s => s with { IsUnsupported = true });

    public static readonly Setting LmtpAddReceivedHeader = YesNo("lmtp_add_received_header", "yes",
        "Add a Received header.", s => s with { IsUnsupported = true });
}

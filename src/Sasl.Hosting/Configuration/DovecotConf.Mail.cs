namespace Sasl.Hosting.Configuration;

// Mailboxes.
public static partial class DovecotConf
{
    public static readonly Setting MailLocation = Text("mail_location", "",
        "Where mail is: maildir:~/Maildir, mbox:~/mail:INBOX=/var/mail/%u. Empty: look for it.");

    public static readonly Setting MailHome = Text("mail_home", "",
        "The home directory when the userdb names none.", s => s with { IsUnsupported = true });

    public static readonly Setting MailUid = Text("mail_uid", "",
        "The uid of mail when the userdb names none.");

    public static readonly Setting MailGid = Text("mail_gid", "",
        "The gid of mail when the userdb names none.");

    public static readonly Setting MailPrivilegedGroup = Text("mail_privileged_group", "",
        "A group for dot locks in /var/mail.", s => s with { IsUnsupported = true });

    public static readonly Setting MailAccessGroups = List("mail_access_groups", "",
        "Groups that workers keep.", s => s with { IsUnsupported = true });

    public static readonly Setting FirstValidUid = Number("first_valid_uid", "500",
        "The least uid that may have mail.", s => s with { Minimum = 1 });

    public static readonly Setting LastValidUid = Number("last_valid_uid", "0",
        "The largest uid that may have mail; 0 is no limit.", s => s with { IsUnsupported = true });

    public static readonly Setting FirstValidGid = Number("first_valid_gid", "1",
        "The least gid that may have mail.", s => s with { IsUnsupported = true });

    public static readonly Setting LastValidGid = Number("last_valid_gid", "0",
        "The largest gid that may have mail; 0 is no limit.", s => s with { IsUnsupported = true });

    public static readonly Setting MailPlugins = List("mail_plugins", "",
        "Plug-ins.", s => s with { IsUnsupported = true });

    public static readonly Setting MailFsync = Text("mail_fsync", "optimized",
        "When files are synced.", s => s with { Choices = ["optimized", "always", "never"], IsUnsupported = true });

    public static readonly Setting MailFullFilesystemAccess = YesNo("mail_full_filesystem_access", "no",
        "Mailbox names may be paths.", s => s with { IsUnsupported = true });

    public static readonly Setting MmapDisable = YesNo("mmap_disable", "no",
        "Do not map files.", s => s with { IsUnsupported = true });

    public static readonly Setting LockMethod = Text("lock_method", "fcntl",
        "How index files are locked.", s => s with { IsUnsupported = true });

    public static readonly Setting MboxReadLocks = List("mbox_read_locks", "fcntl",
        "How mbox files are locked for reading.", s => s with { IsUnsupported = true });

    public static readonly Setting MboxWriteLocks = List("mbox_write_locks", "fcntl dotlock",
        "How mbox files are locked for writing.", s => s with { IsUnsupported = true });

    public static readonly Setting MboxLockTimeout = Time("mbox_lock_timeout", "5 mins",
        "Longest wait for an mbox lock.", s => s with { IsUnsupported = true });

    public static readonly Setting MboxLazyWrites = YesNo("mbox_lazy_writes", "yes",
        "Write flags of an mbox when it is closed.", s => s with { IsUnsupported = true });

    public static readonly Setting MaildirStatDirs = YesNo("maildir_stat_dirs", "no",
        "Look whether an entry is a directory.", s => s with { IsUnsupported = true });

    public static readonly Setting MaildirCopyWithHardlinks = YesNo("maildir_copy_with_hardlinks", "yes",
        "Copy messages by hard links.", s => s with { IsUnsupported = true });

    public static readonly Setting MaildirVeryDirtySyncs = YesNo("maildir_very_dirty_syncs", "no",
        "Trust the index about cur/.", s => s with { IsUnsupported = true });

    public static readonly Setting MailMaxUseripConnections = Number("mail_max_userip_connections", "10",
        "Connections of one user from one address.", s => s with { IsUnsupported = true });

    public static readonly Setting MailMaxKeywordLength = Size("mail_max_keyword_length", "50",
        "Bytes of a keyword.", s => s with { IsUnsupported = true });

    public static readonly Setting MailAttachmentMinSize = Size("mail_attachment_min_size", "128k",
        "Least size of attachments stored apart.", s => s with { IsUnsupported = true });

    public static readonly Setting MailboxIdleCheckInterval = Time("mailbox_idle_check_interval", "30 secs",
        "How often a mailbox is looked at during IDLE.", s => s with { IsUnsupported = true });

    public static readonly Setting MailboxListIndex = YesNo("mailbox_list_index", "yes",
        "Keep an index of mailboxes.", s => s with { IsUnsupported = true });

    public static readonly Setting MailboxListLayout = Text("mailbox_list_layout", "maildir++",
        "The layout of folders.", s => s with { IsUnsupported = true });

    public static readonly Setting LdaMailboxAutocreate = YesNo("lda_mailbox_autocreate", "no",
        "Create a mailbox on delivery.", s => s with { IsUnsupported = true });

    public static readonly Setting LdaMailboxAutosubscribe = YesNo("lda_mailbox_autosubscribe", "no",
        "Subscribe to a mailbox created on delivery.", s => s with { IsUnsupported = true });

    public static readonly Setting LdaOriginalRecipientHeader = Text("lda_original_recipient_header", "",
        "The header with the original recipient.", s => s with { IsUnsupported = true });

    public static readonly Setting RecipientDelimiter = Text("recipient_delimiter", "+",
        "Separates a user name from its address extension.");

    public static readonly Setting QuotaFullTempfail = Text("quota_full_tempfail", "no",
        "Refuse temporarily when a quota is full.", s => s with { IsUnsupported = true });

    public static readonly Setting RejectionReason = Text("rejection_reason", "Your message to <%t> was automatically rejected:%n%r",
        "The text of a refusal.", s => s with { IsUnsupported = true });
}

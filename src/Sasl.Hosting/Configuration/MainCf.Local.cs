namespace Sasl.Hosting.Configuration;

// Delivery on this machine.
public static partial class MainCf
{
    public static readonly Setting AliasMaps = List("alias_maps", "hash:/etc/aliases",
        "Tables of aliases.");

    public static readonly Setting AliasDatabase = List("alias_database", "hash:/etc/aliases",
        "The tables that newaliases rebuilds.");

    public static readonly Setting AllowMailToCommands = List("allow_mail_to_commands", "alias, forward",
        "Where a command may stand: alias, forward, include.");

    public static readonly Setting AllowMailToFiles = List("allow_mail_to_files", "alias, forward",
        "Where a file name may stand: alias, forward, include.");

    public static readonly Setting ExpandOwnerAlias = YesNo("expand_owner_alias", "no",
        "Use what owner-name stands for as the sender.", s => s with { IsUnsupported = true });

    public static readonly Setting HomeMailbox = Text("home_mailbox", "",
        "The mailbox below the home directory; a final / makes it a Maildir.");

    public static readonly Setting MailSpoolDirectory = Text("mail_spool_directory", "/var/mail",
        "The directory of mbox files.");

    public static readonly Setting MailboxCommand = Text("mailbox_command", "",
        "A command that delivers to mailboxes.", s => s with { IsUnsupported = true });

    public static readonly Setting MailboxCommandMaps = List("mailbox_command_maps", "",
        "Such commands by user.", s => s with { IsUnsupported = true });

    public static readonly Setting MailboxTransport = Text("mailbox_transport", "",
        "A transport for every local mailbox.", s => s with { IsUnsupported = true });

    public static readonly Setting MailboxTransportMaps = List("mailbox_transport_maps", "",
        "Such transports by user.", s => s with { IsUnsupported = true });

    public static readonly Setting MailboxSizeLimit = Size("mailbox_size_limit", "51200000",
        "Bytes of a mailbox file; 0 is no limit.");

    public static readonly Setting MailboxDeliveryLock = List("mailbox_delivery_lock", "fcntl, dotlock",
        "How mbox files are locked.", s => s with { IsUnsupported = true });

    public static readonly Setting DeliverLockAttempts = Number("deliver_lock_attempts", "20",
        "Attempts to lock a mailbox.", s => s with { Minimum = 1, IsUnsupported = true });

    public static readonly Setting DeliverLockDelay = Time("deliver_lock_delay", "1s",
        "The wait between them.", s => s with { Minimum = 1, IsUnsupported = true });

    public static readonly Setting StaleLockTime = Time("stale_lock_time", "500s",
        "The age of a dot lock that is removed.", s => s with { Minimum = 1, IsUnsupported = true });

    public static readonly Setting StrictMailboxOwnership = YesNo("strict_mailbox_ownership", "yes",
        "Deliver to an mbox file only when the user owns it.", s => s with { IsUnsupported = true });

    public static readonly Setting ForwardPath = List("forward_path", "$home/.forward${recipient_delimiter}${extension}, $home/.forward",
        "Where .forward files are.", s => s with { IsRaw = true, IsUnsupported = true });

    public static readonly Setting CommandExecutionDirectory = Text("command_execution_directory", "",
        "The directory of commands.", s => s with { IsRaw = true, IsUnsupported = true });

    public static readonly Setting CommandTimeLimit = Time("command_time_limit", "1000s",
        "The longest run of a command.", s => s with { Minimum = 1 });

    public static readonly Setting LocalCommandShell = Text("local_command_shell", "",
        "A shell for every command.", s => s with { IsUnsupported = true });

    public static readonly Setting CommandExpansionFilter = Text("command_expansion_filter", "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "Characters allowed in a command's environment.", s => s with { IsUnsupported = true });

    public static readonly Setting PrependDeliveredHeader = List("prepend_delivered_header", "command, file, forward",
        "Deliveries that get a Delivered-To header.", s => s with { IsUnsupported = true });

    public static readonly Setting Biff = YesNo("biff", "yes",
        "Notify the biff service.", s => s with { IsUnsupported = true });

    public static readonly Setting RequireHomeDirectory = YesNo("require_home_directory", "no",
        "Deliver only to users who have a home directory.", s => s with { IsUnsupported = true });

    public static readonly Setting LocalDestinationConcurrencyLimit = Number("local_destination_concurrency_limit", "2",
        "Deliveries to one local user at a time.");

    public static readonly Setting LocalDestinationRecipientLimit = Number("local_destination_recipient_limit", "1",
        "Recipients of one local delivery.", s => s with { IsUnsupported = true });

    public static readonly Setting DuplicateFilterLimit = Number("duplicate_filter_limit", "1000",
        "Addresses remembered to find duplicates.", s => s with { IsUnsupported = true });

    public static readonly Setting EnableOriginalRecipient = YesNo("enable_original_recipient", "yes",
        "Remember the recipient as it was given (X-Original-To).", s => s with { IsUnsupported = true });

    public static readonly Setting OwnerRequestSpecial = YesNo("owner_request_special", "yes",
        "Do not split owner-name and name-request at the delimiter.", s => s with { IsUnsupported = true });
}

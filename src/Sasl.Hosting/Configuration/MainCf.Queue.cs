namespace Sasl.Hosting.Configuration;

// The queue and its retries.
public static partial class MainCf
{
    public static readonly Setting QueueRunDelay = Time("queue_run_delay", "300s",
        "How often deferred mail is looked at.", s => s with { Minimum = 1 });

    public static readonly Setting MinimalBackoffTime = Time("minimal_backoff_time", "300s",
        "The least wait before another attempt.", s => s with { Minimum = 1 });

    public static readonly Setting MaximalBackoffTime = Time("maximal_backoff_time", "4000s",
        "The longest wait before another attempt.", s => s with { Minimum = 1 });

    public static readonly Setting MaximalQueueLifetime = Time("maximal_queue_lifetime", "5d",
        "How long mail is tried.", s => s with { Unit = 'd' });

    public static readonly Setting BounceQueueLifetime = Time("bounce_queue_lifetime", "5d",
        "How long a bounce is tried.", s => s with { Unit = 'd' });

    public static readonly Setting DelayWarningTime = Time("delay_warning_time", "0h",
        "After which time the sender is told of a delay; 0 is never.", s => s with { Unit = 'h' });

    public static readonly Setting BounceSizeLimit = Size("bounce_size_limit", "50000",
        "Bytes of a message that a bounce returns whole.");

    public static readonly Setting BounceTemplateFile = Text("bounce_template_file", "",
        "Texts of bounces.", s => s with { IsUnsupported = true });

    public static readonly Setting NotifyClasses = List("notify_classes", "resource, software",
        "What the postmaster is told of.", s => s with { IsUnsupported = true });

    public static readonly Setting DoubleBounceSender = Text("double_bounce_sender", "double-bounce",
        "The sender of reports to the postmaster.", s => s with { IsUnsupported = true });

    public static readonly Setting BounceNoticeRecipient = Text("bounce_notice_recipient", "postmaster",
        "Who gets copies of bounces.", s => s with { IsUnsupported = true });

    public static readonly Setting DoubleBounceNoticeRecipient = Text("2bounce_notice_recipient", "postmaster",
        "Who gets bounces that cannot be returned.", s => s with { IsUnsupported = true });

    public static readonly Setting ErrorNoticeRecipient = Text("error_notice_recipient", "postmaster",
        "Who is told of errors.", s => s with { IsUnsupported = true });

    public static readonly Setting DelayNoticeRecipient = Text("delay_notice_recipient", "postmaster",
        "Who is told of delays.", s => s with { IsUnsupported = true });

    public static readonly Setting DefaultDestinationConcurrencyLimit = Number("default_destination_concurrency_limit", "20",
        "Deliveries to one destination at a time.");

    public static readonly Setting DefaultDestinationRecipientLimit = Number("default_destination_recipient_limit", "50",
        "Recipients of one delivery.");

    public static readonly Setting InitialDestinationConcurrency = Number("initial_destination_concurrency", "5",
        "Deliveries to a new destination at a time.");

    public static readonly Setting DefaultDestinationRateDelay = Time("default_destination_rate_delay", "0s",
        "A pause between deliveries to one destination.", s => s with { IsUnsupported = true });

    public static readonly Setting TransportRetryTime = Time("transport_retry_time", "60s",
        "The wait before a failed transport is used again.", s => s with { IsUnsupported = true });

    public static readonly Setting QmgrMessageActiveLimit = Number("qmgr_message_active_limit", "20000",
        "Messages in the active queue.", s => s with { Minimum = 1 });

    public static readonly Setting QmgrMessageRecipientLimit = Number("qmgr_message_recipient_limit", "20000",
        "Recipients in the active queue.", s => s with { Minimum = 1 });

    public static readonly Setting DeferTransports = List("defer_transports", "",
        "Transports whose mail waits for a flush.", s => s with { IsUnsupported = true });

    public static readonly Setting EnableLongQueueIds = YesNo("enable_long_queue_ids", "no",
        "Queue ids that are not used again soon.", s => s with { IsUnsupported = true });

    public static readonly Setting HashQueueNames = List("hash_queue_names", "deferred, defer",
        "Queues in subdirectories.", s => s with { IsUnsupported = true });

    public static readonly Setting HashQueueDepth = Number("hash_queue_depth", "1",
        "Levels of those subdirectories.", s => s with { IsUnsupported = true });

    public static readonly Setting InFlowDelay = Time("in_flow_delay", "0s",
        "A pause when mail comes in faster than it goes out.", s => s with { IsUnsupported = true });

    public static readonly Setting FastFlushDomains = List("fast_flush_domains", "$relay_domains",
        "Domains that ETRN may flush.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthorizedSubmitUsers = List("authorized_submit_users", "static:anyone",
        "Who may submit mail by the sendmail command.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthorizedFlushUsers = List("authorized_flush_users", "static:anyone",
        "Who may flush the queue.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthorizedMailqUsers = List("authorized_mailq_users", "static:anyone",
        "Who may see the queue.", s => s with { IsUnsupported = true });

    public static readonly Setting UndisclosedRecipientsHeader = Text("undisclosed_recipients_header", "",
        "The header of a message without recipients' headers.", s => s with { IsUnsupported = true });

    public static readonly Setting MessageDropHeaders = List("message_drop_headers", "bcc, content-length, resent-bcc, return-path",
        "Headers that are removed.", s => s with { IsUnsupported = true });

    public static readonly Setting SendmailFixLineEndings = Text("sendmail_fix_line_endings", "always",
        "When sendmail turns CRLF into LF.", s => s with { Choices = ["always", "never", "strict"], IsUnsupported = true });

    public static readonly Setting VirtualAliasExpansionLimit = Number("virtual_alias_expansion_limit", "1000",
        "Addresses that one alias may become.", s => s with { IsUnsupported = true });

    public static readonly Setting VirtualAliasRecursionLimit = Number("virtual_alias_recursion_limit", "1000",
        "Levels of aliases of aliases.", s => s with { IsUnsupported = true });
}

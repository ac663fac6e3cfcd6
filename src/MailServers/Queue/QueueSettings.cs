namespace MailServers.Queue;

/// <summary>Everything the queue wants to know, with Postfix's defaults.</summary>
sealed record QueueSettings
{
    public string HostName { get; init; } = "localhost.localdomain";

    /// <summary>Appended to addresses without a domain.</summary>
    public string Origin { get; init; } = "localhost.localdomain";

    /// <summary>0: none.</summary>
    public long MessageSizeLimit { get; init; } = 10_240_000;

    /// <summary>Below so much free space no mail is taken.</summary>
    public long MinimumFree { get; init; }

    public int RecipientLimit { get; init; } = 1000;

    public int HopLimit { get; init; } = 50;

    public TimeSpan RunDelay { get; init; } = TimeSpan.FromSeconds(300);

    public TimeSpan MinimalBackoff { get; init; } = TimeSpan.FromSeconds(300);

    public TimeSpan MaximalBackoff { get; init; } = TimeSpan.FromSeconds(4000);

    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(5);

    /// <summary>For mail with the null sender.</summary>
    public TimeSpan BounceLifetime { get; init; } = TimeSpan.FromDays(5);

    /// <summary>Zero: the sender is not told that a message is late.</summary>
    public TimeSpan DelayWarning { get; init; }

    public int ActiveMessages { get; init; } = 20_000;

    public int ActiveRecipients { get; init; } = 20_000;

    /// <summary>Deliveries at once, over all destinations.</summary>
    public int Deliveries { get; init; } = 100;

    public int InitialConcurrency { get; init; } = 5;

    public int RecipientsPerDelivery { get; init; } = 50;

    public int SmtpConcurrency { get; init; } = 20;

    public int LocalConcurrency { get; init; } = 2;

    /// <summary>A larger message is returned as its header only.</summary>
    public long BounceSizeLimit { get; init; } = 50_000;

    public Routing.RoutingSettings Routing { get; init; } = new();

    public Local.LocalSettings Local { get; init; } = new();

    public SmtpClient.SmtpSettings Smtp { get; init; } = new();
}

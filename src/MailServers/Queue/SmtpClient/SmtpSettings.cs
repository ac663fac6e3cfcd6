namespace MailServers.Queue.SmtpClient;

enum TlsLevel
{
    None,

    /// <summary>When it is offered; the certificate is not looked at.</summary>
    May,

    /// <summary>Always; the certificate is not looked at.</summary>
    Encrypt,

    /// <summary>Always, and the certificate must be good for the host's name.</summary>
    Verify,
}

/// <summary>The settings of the SMTP client.</summary>
sealed record SmtpSettings
{
    public string HeloName { get; init; } = "localhost.localdomain";

    public int Port { get; init; } = 25;

    public TlsLevel Tls { get; init; } = TlsLevel.May;

    /// <summary>smtp_tls_wrappermode: TLS before the greeting.</summary>
    public bool TlsWrapper { get; init; }

    public bool Authenticate { get; init; }

    /// <summary>Tables as configured, and what finds a key in them.</summary>
    public Func<string, string?> Password { get; init; } = static _ => null;

    /// <summary>smtp_sasl_security_options.</summary>
    public IReadOnlyList<string> SaslOptions { get; init; } = ["noplaintext", "noanonymous"];

    /// <summary>The same under TLS.</summary>
    public IReadOnlyList<string> SaslTlsOptions { get; init; } = ["noplaintext", "noanonymous"];

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan HeloTimeout { get; init; } = TimeSpan.FromSeconds(300);

    public TimeSpan MailTimeout { get; init; } = TimeSpan.FromSeconds(300);

    public TimeSpan RecipientTimeout { get; init; } = TimeSpan.FromSeconds(300);

    public TimeSpan DataInitTimeout { get; init; } = TimeSpan.FromSeconds(120);

    public TimeSpan DataTransferTimeout { get; init; } = TimeSpan.FromSeconds(180);

    public TimeSpan DataDoneTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Hosts that are spoken to for one delivery before it waits for another time.</summary>
    public int SessionLimit { get; init; } = 2;

    public int AddressLimit { get; init; } = 5;
}

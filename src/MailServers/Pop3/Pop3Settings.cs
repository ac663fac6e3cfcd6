using Sasl.Hosting.Configuration;

namespace MailServers.Pop3;

/// <summary>What a POP3 session is configured to do. The defaults are those of dovecot.conf.</summary>
sealed record Pop3Settings
{
    /// <summary>RFC 1939 §3: at least ten minutes.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Changing it makes every client download every message again.</summary>
    public UidlFormat Uidl { get; init; } = UidlFormat.Default;

    /// <summary>Retrieved messages do not become \Seen.</summary>
    public bool NoFlagUpdates { get; init; }

    public static Pop3Settings From(Settings settings) => new()
    {
        Uidl = UidlFormat.TryParse(settings.Text(DovecotConf.Pop3UidlFormat))
            ?? throw new InvalidDataException($"pop3_uidl_format: \"{settings.Text(DovecotConf.Pop3UidlFormat)}\" is not understood (%u and %v, as in %08Xu%08Xv)"),
        NoFlagUpdates = settings.Boolean(DovecotConf.Pop3NoFlagUpdates),
    };
}

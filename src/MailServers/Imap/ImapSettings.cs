using Sasl.Hosting.Configuration;

namespace MailServers.Imap;

/// <summary>What the administrator may choose, and the limits.</summary>
sealed record ImapSettings
{
    public static readonly ImapSettings Default = new();

    /// <summary>imap_max_line_length: one line of a command, its literals not counted.</summary>
    public int LongestLine { get; init; } = 64 * 1024;

    /// <summary>All lines and small literals of one command together.</summary>
    public int LongestCommand { get; init; } = 256 * 1024;

    /// <summary>A literal that was sent unasked and is too big is read and thrown away up to this size; beyond, the connection ends.</summary>
    public long LongestSkipped { get; init; } = 64 * 1024 * 1024;

    /// <summary>The largest message that APPEND takes (APPENDLIMIT, RFC 7889).</summary>
    public long LargestMessage { get; init; } = 64 * 1024 * 1024;

    /// <summary>RFC 3501 §5.4: at least 30 minutes.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>imap_idle_notify_interval: how often IDLE says that the server still lives. Zero: never.</summary>
    public TimeSpan IdleNotifyInterval { get; init; } = TimeSpan.FromMinutes(2);

    public int MostBadCommands { get; init; } = 20;

    public ImapId Id { get; init; } = ImapId.Default;

    /// <summary>imap_literal_minus: literals that do not wait for leave have at most 4096 bytes (RFC 7888 §5).</summary>
    public bool LiteralMinus { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <param name="settings">dovecot.conf, protocol imap.</param>
    public static ImapSettings From(Settings settings) => new()
    {
        LongestLine = (int)Math.Clamp(settings.Size(DovecotConf.ImapMaxLineLength), 8192, 1024 * 1024),
        LongestCommand = (int)Math.Clamp(4 * settings.Size(DovecotConf.ImapMaxLineLength), 32 * 1024, 4 * 1024 * 1024),
        IdleNotifyInterval = settings.Time(DovecotConf.ImapIdleNotifyInterval),
        Id = ImapId.From(settings),
        LiteralMinus = settings.Boolean(DovecotConf.ImapLiteralMinus),
    };
}

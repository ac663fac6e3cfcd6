using Sasl.Hosting.Configuration;

namespace MailServers.Lmtp;

/// <summary>Whose mail a worker takes, and by which rules.</summary>
sealed record LmtpDelivery(string User, string Home)
{
    /// <summary>For the log only.</summary>
    public string Session { get; init; } = "";

    public string HostName { get; init; } = "localhost";

    /// <summary>Owner that a .forward must have.</summary>
    public uint Uid { get; init; } = Sasl.Hosting.Unix.Identity.EffectiveUid;

    public string RecipientDelimiter { get; init; } = "";

    public long SizeLimit { get; init; } = long.MaxValue / 4;

    /// <summary>allow_mail_to_commands and allow_mail_to_files have "forward".</summary>
    public bool AllowCommands { get; init; } = true;

    public bool AllowFiles { get; init; } = true;

    public TimeSpan CommandTimeLimit { get; init; } = TimeSpan.FromSeconds(1000);

    public static LmtpDelivery From(Settings main) => new("", "")
    {
        HostName = main.Text(MainCf.Myhostname),
        RecipientDelimiter = main.Text(MainCf.RecipientDelimiter),
        AllowCommands = main.List(MainCf.AllowMailToCommands).Contains("forward"),
        AllowFiles = main.List(MainCf.AllowMailToFiles).Contains("forward"),
        CommandTimeLimit = main.Time(MainCf.CommandTimeLimit),
    };
}

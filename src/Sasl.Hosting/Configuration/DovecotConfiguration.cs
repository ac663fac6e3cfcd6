using System.Globalization;

namespace Sasl.Hosting.Configuration;

/// <summary>A Unix socket that a service offers.</summary>
/// <param name="Path">Absolute; a relative one of the file stands beneath base_dir.</param>
/// <param name="User">The owner; empty: the user of the service.</param>
public sealed record DovecotUnixListener(string Path, uint Mode, string User, string Group, string File, int Line)
{
    /// <summary>The type setting of 2.4: auth, auth-legacy, login, …; empty: the name decides.</summary>
    public string Type { get; init; } = "";

    /// <summary>client, login, master, userdb or token: what stands after the last '-' of the name decides.</summary>
    public string Kind => Path[(Path.LastIndexOfAny(['-', '/']) + 1)..] switch
    {
        "login" => "login",
        "master" => "master",
        "userdb" => "userdb",
        "token" or "tokenlogin" => "token",
        _ => "client",
    };
}

/// <summary>A TCP port that a service offers.</summary>
/// <param name="Addresses">As written in address or listen: "*", "::", addresses, host names.</param>
public sealed record DovecotInetListener(string Name, IReadOnlyList<string> Addresses, int Port, bool IsTls, string File, int Line);

/// <summary>A service with its listeners, defaults included; limits are 0 where the file sets none.</summary>
public sealed record DovecotService(
    string Name, IReadOnlyList<DovecotUnixListener> UnixListeners, IReadOnlyList<DovecotInetListener> InetListeners, int ClientLimit, int ProcessLimit);

/// <summary>A passdb or userdb section.</summary>
/// <param name="Args">Its args; with 2.4's names, what they would be.</param>
/// <param name="Settings">
/// Everything else that it sets, and what the file says that args names, by the names of 2.3. "driver" in it is the kind of an sql database. May hold secrets.
/// </param>
public sealed record DovecotDatabase(string Driver, string Args, IReadOnlyDictionary<string, string> Settings, string File, int Line);

/// <summary>A dovecot.conf as a whole: flat settings, overrides by protocol, services, databases.</summary>
public sealed class DovecotConfiguration
{
    readonly Dictionary<string, Dictionary<string, string>> _protocols;

    internal DovecotConfiguration(DovecotSection root, Settings settings, Dictionary<string, Dictionary<string, string>> protocols)
    {
        (Root, Settings, _protocols) = (root, settings, protocols);
        Services = DovecotServices.Read(root, settings);
    }

    /// <summary>The tree as it was read, for what has no access of its own.</summary>
    public DovecotSection Root { get; }

    /// <summary>The settings outside of all sections. Values of ssl_cert and ssl_key are "&lt;path".</summary>
    public Settings Settings { get; }

    public IReadOnlyList<DovecotService> Services { get; }

    public IReadOnlyList<DovecotDatabase> Passdbs { get; internal init; } = [];

    public IReadOnlyList<DovecotDatabase> Userdbs { get; internal init; } = [];

    /// <summary>The settings within one protocol: imap, pop3, lmtp.</summary>
    public Settings For(string protocol) => _protocols.TryGetValue(protocol, out var overrides) ? Settings.With(overrides) : Settings;

    /// <summary>The named service; one that the file does not mention has its default listeners or none.</summary>
    public DovecotService Service(string name) => Services.FirstOrDefault(s => s.Name == name) ?? new(name, [], [], 0, 0);

    /// <summary>What auth_mechanisms names, without those that this version does not have: leaving them out was reported.</summary>
    public IReadOnlyList<string> Mechanisms => [.. Settings.List(DovecotConf.AuthMechanisms).Where(m => DovecotListCheck.MechanismComplaint(m) is not { IsWarning: true })];

    public bool Serves(string protocol) => Settings.List(DovecotConf.Protocols).Contains(protocol);

    /// <summary>The file that a "&lt;path" value names, or null when the value is empty.</summary>
    public static string? PathOf(Settings settings, Setting setting) =>
        settings.Text(setting) is { Length: > 0 } value ? value.TrimStart('<').Trim() : null;

    /// <summary>A file mode in octal, with or without a leading 0.</summary>
    internal static uint? Mode(string text)
    {
        uint mode = 0;
        foreach (var c in text)
        {
            if (c is < '0' or > '7' || mode > 0xFFF)
                return null;
            mode = (mode << 3) | (uint)(c - '0');
        }
        return text.Length > 0 && mode <= 0xFFF ? mode : null;
    }

    internal static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

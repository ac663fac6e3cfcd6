using Sasl.Hosting.Configuration;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>One passdb or userdb block.</summary>
/// <param name="Arguments">The args of the block.</param>
public sealed record AuthDatabase(string Driver, string Arguments)
{
    static readonly IReadOnlyDictionary<string, string> _none = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What else the block sets, and what the file says that args names (a query, a server, …), by the names of Dovecot 2.3. May hold secrets.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = _none;

    public string? this[string name] => Settings.GetValueOrDefault(name);

    /// <summary>Neither the args nor the settings: one may be a password.</summary>
    public override string ToString() => Driver;

    internal string ToLine(string kind) => TabLine.Join([kind, Driver, Arguments, .. Settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}")]);

    internal static AuthDatabase? Read(ReadOnlySpan<string> fields)
    {
        if (fields is not [var driver, var arguments, ..])
            return null;
        var database = new AuthDatabase(driver, arguments);
        if (fields.Length == 2)
            return database;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in fields[2..])
        {
            var equals = field.IndexOf('=');
            if (equals > 0)
                settings[field[..equals]] = field[(equals + 1)..];
        }
        return database with { Settings = settings };
    }
}

/// <summary>
/// What the auth server has to know. The supervisor reads it out of dovecot.conf and the files that it names, and forwards it as text under the name
/// "auth". It may hold secrets (the password of a database): it is printed nowhere.
/// </summary>
public sealed record AuthServerSettings
{
    /// <summary>The name of the text in the supervisor's channel.</summary>
    public const string ConfigurationName = "auth";

    /// <summary>The settings of dovecot.conf.</summary>
    public Settings Values { get; init; } = DovecotConf.Create(new Dictionary<string, string>());

    /// <summary>Asked in this order.</summary>
    public IReadOnlyList<AuthDatabase> Passdbs { get; init; } = [];

    public IReadOnlyList<AuthDatabase> Userdbs { get; init; } = [];

    /// <summary>In the order in which they are offered.</summary>
    public IReadOnlyList<string> Mechanisms => Values.List(DovecotConf.AuthMechanisms);

    /// <summary>Log why a login failed.</summary>
    public bool IsVerbose => Values.Boolean(DovecotConf.AuthVerbose);

    /// <summary>Where the auth server keeps what outlives it, its own and 0700; null: nowhere.</summary>
    public string? StateDirectory => Values.Text(DovecotConf.AuthStateDir) is { Length: > 0 } path ? path : null;

    public bool IsDebug => Values.Boolean(DovecotConf.AuthDebug);

    /// <summary>The same with one setting set.</summary>
    public AuthServerSettings With(Setting setting, string value) => this with { Values = Values.With([new(setting.Name, value)]) };

    /// <summary>From a dovecot.conf that was read without errors.</summary>
    public static AuthServerSettings From(DovecotConfiguration configuration) => new()
    {
        Values = configuration.Settings.List(DovecotConf.AuthMechanisms).SequenceEqual(configuration.Mechanisms) ? configuration.Settings
            : configuration.Settings.With([new(DovecotConf.AuthMechanisms.Name, string.Join(' ', configuration.Mechanisms))]),
        Passdbs = [.. configuration.Passdbs.Select(Database)],
        Userdbs = [.. configuration.Userdbs.Select(Database)],
    };

    /// <summary>An auth server for smtpd_sasl_type = cyrus: what its sasl2 file says, and dovecot.conf where that has no say.</summary>
    public static AuthServerSettings From(DovecotConfiguration configuration, Sasl2FilePlan plan) => new()
    {
        Values = configuration.Settings.With(plan.Settings), Passdbs = [.. plan.Passdbs.Select(Database)],
    };

    /// <summary>One line of TAB-separated fields a setting and a database, in their order.</summary>
    public string ToText() => string.Concat(Lines().Select(line => $"{line}\n"));

    /// <summary>Reads <see cref="ToText"/>; what a newer supervisor adds is ignored.</summary>
    public static AuthServerSettings Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var (passdbs, userdbs) = (new List<AuthDatabase>(), new List<AuthDatabase>());
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = TabLine.Split(line);
            if (fields is ["set", var name, var value])
                values[name] = value;
            else if (fields is ["passdb" or "userdb", ..] && AuthDatabase.Read(fields.AsSpan(1)) is { } database)
                (fields[0] == "passdb" ? passdbs : userdbs).Add(database);
        }
        return new() { Values = DovecotConf.Create(values), Passdbs = passdbs, Userdbs = userdbs };
    }

    IEnumerable<string> Lines() =>
    [
        .. Values.Explicit.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => TabLine.Join("set", v.Key, v.Value)),
        .. Passdbs.Select(d => d.ToLine("passdb")),
        .. Userdbs.Select(d => d.ToLine("userdb")),
    ];

    static AuthDatabase Database(DovecotDatabase block) =>
        block.Settings.Count == 0 ? new(block.Driver, block.Args) : new(block.Driver, block.Args) { Settings = block.Settings };
}

using Sasl.Hosting.Configuration;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>One passdb or userdb block.</summary>
public sealed record AuthDatabase(string Driver, string Arguments);

/// <summary>
/// What the auth server has to know. The supervisor reads it out of dovecot.conf and forwards it as text under the name "auth"; it holds
/// no secret.
/// </summary>
public sealed record AuthServerSettings
{
    /// <summary>The name of the text in the supervisor's channel.</summary>
    public const string ConfigurationName = "auth";

    /// <summary>In the order in which they are offered.</summary>
    public IReadOnlyList<string> Mechanisms { get; init; } = ["plain"];

    /// <summary>Asked in this order.</summary>
    public IReadOnlyList<AuthDatabase> Passdbs { get; init; } = [];

    public IReadOnlyList<AuthDatabase> Userdbs { get; init; } = [];

    /// <summary>Appended to a name without '@'.</summary>
    public string DefaultRealm { get; init; } = "";

    /// <summary>Empty: any character.</summary>
    public string UsernameChars { get; init; } = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890.-_@";

    /// <summary>Empty: as it is.</summary>
    public string UsernameFormat { get; init; } = "%Lu";

    public TimeSpan FailureDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Log why a login failed.</summary>
    public bool IsVerbose { get; init; }

    public bool IsDebug { get; init; }

    /// <summary>From a dovecot.conf that was read without errors.</summary>
    public static AuthServerSettings From(DovecotConfiguration configuration) => From(configuration.Settings) with
    {
        Passdbs = [.. configuration.Passdbs.Select(d => new AuthDatabase(d.Driver, d.Args))],
        Userdbs = [.. configuration.Userdbs.Select(d => new AuthDatabase(d.Driver, d.Args))],
    };

    static AuthServerSettings From(Settings dovecot) => new()
    {
        Mechanisms = dovecot.List(DovecotConf.AuthMechanisms),
        DefaultRealm = dovecot.Text(DovecotConf.AuthDefaultRealm),
        UsernameChars = dovecot.Text(DovecotConf.AuthUsernameChars),
        UsernameFormat = dovecot.Text(DovecotConf.AuthUsernameFormat),
        FailureDelay = dovecot.Time(DovecotConf.AuthFailureDelay),
        IsVerbose = dovecot.Boolean(DovecotConf.AuthVerbose),
        IsDebug = dovecot.Boolean(DovecotConf.AuthDebug),
    };

    /// <summary>One "name=value" a line, values escaped as in the auth protocol; passdb and userdb in their order.</summary>
    public string ToText() => string.Concat(Lines().Select(l => $"{l.Name}={l.Value}\n"));

    /// <summary>Reads <see cref="ToText"/>; what a newer supervisor adds is ignored.</summary>
    public static AuthServerSettings Parse(string text)
    {
        var settings = new AuthServerSettings();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = line.IndexOf('=');
            if (equals > 0)
                settings = settings.With(line[..equals], line[(equals + 1)..]);
        }
        return settings;
    }

    IEnumerable<(string Name, string Value)> Lines() =>
    [
        ("auth_mechanisms", TabLine.Escape(string.Join(' ', Mechanisms))),
        ("auth_default_realm", TabLine.Escape(DefaultRealm)),
        ("auth_username_chars", TabLine.Escape(UsernameChars)),
        ("auth_username_format", TabLine.Escape(UsernameFormat)),
        ("auth_failure_delay", ((long)FailureDelay.TotalMilliseconds).ToString()),
        ("auth_verbose", IsVerbose ? "yes" : "no"),
        ("auth_debug", IsDebug ? "yes" : "no"),
        .. Passdbs.Select(d => ("passdb", TabLine.Join(d.Driver, d.Arguments))),
        .. Userdbs.Select(d => ("userdb", TabLine.Join(d.Driver, d.Arguments))),
    ];

    AuthServerSettings With(string name, string value) => name switch
    {
        "auth_mechanisms" => this with { Mechanisms = TabLine.Unescape(value).Split(' ', StringSplitOptions.RemoveEmptyEntries) },
        "auth_default_realm" => this with { DefaultRealm = TabLine.Unescape(value) },
        "auth_username_chars" => this with { UsernameChars = TabLine.Unescape(value) },
        "auth_username_format" => this with { UsernameFormat = TabLine.Unescape(value) },
        "auth_failure_delay" => this with { FailureDelay = TimeSpan.FromMilliseconds(long.Parse(value)) },
        "auth_verbose" => this with { IsVerbose = value == "yes" },
        "auth_debug" => this with { IsDebug = value == "yes" },
        "passdb" => this with { Passdbs = [.. Passdbs, Database(value)] },
        "userdb" => this with { Userdbs = [.. Userdbs, Database(value)] },
        _ => this,
    };

    static AuthDatabase Database(string value) => TabLine.Split(value) is [var driver, var arguments, ..] ? new(driver, arguments) : new(value, "");
}

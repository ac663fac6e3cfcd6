using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;

namespace Saslauthd;

/// <summary>The options of one run, as Cyrus' saslauthd spells them.</summary>
sealed record CommandLine
{
    internal const string Letters = "a:cdfhO:lm:n:rs:t:vV";

    /// <summary>Compiled in by every distribution that ships saslauthd.</summary>
    public const string DefaultDirectory = "/run/saslauthd";

    public IReadOnlyList<string> Mechanisms { get; private set; } = [];
    public string Directory { get; private set; } = DefaultDirectory;

    /// <summary>Where the settings are, but for mechanisms whose -O says otherwise. Cyrus knows only the one place.</summary>
    public string ConfigurationFile { get; private set; } = SaslauthdConf.DefaultPath;

    public bool Foreground { get; private set; }
    public bool Verbose { get; private set; }
    public bool AppendRealm { get; private set; }
    public bool Cache { get; private set; }
    public int Workers { get; private set; } = 5;
    public int CacheKilobytes { get; private set; } = 962;
    public int CacheSeconds { get; private set; } = 28800;

    readonly Dictionary<string, string> _mechanismOptions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>-O of a mechanism: "-O ldap=/etc/ldap.conf" is for that one, "-O host" for all that have none of their own. Null when there is none.</summary>
    public string? OptionOf(string mechanism) => _mechanismOptions.GetValueOrDefault(mechanism) ?? _mechanismOptions.GetValueOrDefault("");

    /// <summary>
    /// The options, or how to end instead: 0 for -h and -v, Cyrus' 1 for values that make no sense, and <see cref="ExitCode.Usage"/> where Cyrus prints its usage and
    /// reports success: a service manager must not take a mistake for a service.
    /// </summary>
    public static (CommandLine? Options, StartRefusal? Refusal) Parse(ReadOnlySpan<string> arguments)
    {
        var options = new CommandLine();
        if (arguments is ["--config", var file, ..])
        {
            options.ConfigurationFile = file;
            arguments = arguments[2..];
        }
        var read = ShortOptions.Parse(arguments, Letters);
        foreach (var option in read.Options)
        {
            if (options.Take(option) is { } refusal)
                return (null, refusal);
        }
        if (read.Problem is { } problem)
            return (null, new($"saslauthd: {problem}", ExitCode.Usage, Log: false, Usage: true));
        if (options.Mechanisms.Count == 0)
            return (null, new("no authentication mechanism specified", ExitCode.Usage, Usage: true));
        foreach (var mechanism in options.Mechanisms)
        {
            if (!MechanismTable.All.ContainsKey(mechanism))
                return (null, new($"unknown authentication mechanism: {mechanism}", 1));
        }
        return (options, null);
    }

    StartRefusal? Take(ShortOption option)
    {
        switch (option.Letter)
        {
            case 'a':
                Mechanisms = [.. Mechanisms, .. option.Argument!.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
                break;
            case 'c':
                Cache = true;
                break;
            case 'd':
                Foreground = Verbose = true;
                break;
            case 'f':
                Foreground = true;
                break;
            case 'h':
                return new(null, 0, Usage: true);
            case 'l':
                // Cyrus' workers take turns at accept(); there is nothing of the kind to switch off here.
                break;
            case 'm' when !option.Argument!.StartsWith('/'):
                return new("-m requires an absolute pathname", 1);
            case 'm':
                Directory = option.Argument!;
                break;
            case 'n' when (Workers = option.Number) < 0:
                return new("invalid number of worker processes defined", 1);
            case 'O':
                TakeOption(option.Argument!);
                break;
            case 'r':
                AppendRealm = true;
                break;
            case 's' when (CacheKilobytes = option.Number) <= 0:
                return new("cache size must be positive and non zero", 1);
            case 't' when (CacheSeconds = option.Number) <= 0:
                return new("cache timeout must be positive", 1);
            case 'v':
                return new(Texts.Version, 0, Log: false);
            case 'V':
                Verbose = true;
                break;
        }
        return null;
    }

    void TakeOption(string text)
    {
        var equals = text.IndexOf('=');
        var mechanism = equals > 0 && MechanismTable.All.ContainsKey(text[..equals]) ? text[..equals] : "";
        _mechanismOptions[mechanism] = mechanism.Length > 0 ? text[(equals + 1)..] : text;
    }
}

/// <summary>Why the daemon does not start, and with which code it ends.</summary>
/// <param name="Log">Also to syslog, in Cyrus' shape.</param>
sealed record StartRefusal(string? Text, int ExitCode, bool Log = true, bool Usage = false);

namespace Sasl.Hosting.Configuration;

/// <summary>The options of one sasl2/NAME.conf: "key: value" lines, '#' comments, keys in any case, the first of duplicates counts.</summary>
public sealed class Sasl2File
{
    static readonly string[] _verifiers = ["auxprop", "saslauthd"], _otherVerifiers = ["pwcheck", "authdaemond", "alwaystrue", "auxprop-hashed"];

    readonly Dictionary<string, (string Value, int Line)> _values = new(StringComparer.Ordinal);

    Sasl2File(string path) => Path = path;

    public string Path { get; }

    /// <summary>The application's name: "smtpd" for smtpd.conf.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public IReadOnlyList<string> PwcheckMethod => Words("pwcheck_method");

    public string SaslauthdPath => Text("saslauthd_path");

    /// <summary>The mechanisms to offer, in this order; empty: all.</summary>
    public IReadOnlyList<string> MechList => Words("mech_list");

    public int LogLevel => int.TryParse(Text("log_level"), out var level) ? level : 1;

    public string SasldbPath => Text("sasldb_path");

    public IReadOnlyList<string> AuxpropPlugin => Words("auxprop_plugin");

    /// <summary>The value of an option, or its default.</summary>
    public string Text(string option) => _values.TryGetValue(option, out var set) ? set.Value : Sasl2FileOptions.Table.Find(option)!.Default;

    /// <summary>Words between blanks and commas. Braces mean nothing here: they group words in main.cf only.</summary>
    public string[] Words(string option) => Text(option).Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);

    public bool IsSet(string option) => _values.ContainsKey(option);

    /// <summary>Where an option is set; 0: nowhere.</summary>
    public int LineOf(string option) => _values.TryGetValue(option, out var set) ? set.Line : 0;

    public static Sasl2File Empty(string name) => new($"sasl2/{name}.conf");

    public static Sasl2File Parse(string file, string text, List<Problem> problems)
    {
        var parsed = new Sasl2File(file);
        var number = 0;
        foreach (var physical in text.Split('\n'))
        {
            number++;
            var line = physical.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            var colon = line.IndexOf(':');
            var key = colon < 0 ? line : line[..colon].TrimEnd().ToLowerInvariant();
            var value = colon < 0 ? "" : line[(colon + 1)..].Trim();
            if (colon < 0)
                problems.Add(new(file, number, $"no ':' in \"{Short(WithoutSecret(line))}\" (key: value)", line.Contains('=') ? Short(WithoutSecret(line).Replace("=", ":")) : null));
            else if (value.Length == 0)
                problems.Add(new(file, number, $"option \"{Short(key)}\" has no value"));
            else if (Sasl2FileOptions.Table.Find(key) is not { } option)
                problems.Add(new(file, number, $"unknown option: {Short(key)}", Sasl2FileOptions.Table.Suggest(key)));
            else if (parsed._values.TryGetValue(key, out var first))
            {
                if (first.Value != value)
                    problems.Add(new(file, number, $"option {key} is set already; the first one counts", IsWarning: true));
            }
            else
                parsed._values[key] = (parsed.Checked(option, value, number, problems), number);
        }
        return parsed;
    }

    string Checked(Setting option, string value, int line, List<Problem> problems)
    {
        if (option.Type == SettingType.Boolean || option.Name == "auto_transition")
            value = Sasl2FileOptions.YesNo(value);
        if (option.IsUnsupported && !value.Equals(option.Default, StringComparison.OrdinalIgnoreCase))
            problems.Add(new(Path, line, $"{option.Name}: not implemented in this version, ignored", IsWarning: true));
        else if (SettingCheck.Dovecot(option, value) is var (message, suggestion))
            problems.Add(new(Path, line, message, suggestion));
        foreach (var word in option.Name == "pwcheck_method" ? value.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries) : [])
        {
            if (_otherVerifiers.Contains(word, StringComparer.OrdinalIgnoreCase))
                problems.Add(new(Path, line, $"password verifier {word}: not implemented in this version (auxprop and saslauthd are)"));
            else if (!_verifiers.Contains(word, StringComparer.OrdinalIgnoreCase))
                problems.Add(new(Path, line, $"unknown password verifier {Short(word)}", NearMiss.Find(word, _verifiers)));
        }
        return value;
    }

    /// <summary>"sql_passwd = x" is no option, but it is a password.</summary>
    static string WithoutSecret(string line) =>
        Sasl2FileOptions.Table.All.Any(o => o.IsSecret && line.StartsWith(o.Name, StringComparison.OrdinalIgnoreCase)) ? line.Split([' ', '\t', '='])[0] : line;

    static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

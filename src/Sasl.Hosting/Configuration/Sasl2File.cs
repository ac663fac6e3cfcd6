using System.Collections.Frozen;

namespace Sasl.Hosting.Configuration;

/// <summary>The options of one sasl2/NAME.conf: "key: value" lines, '#' comments, keys in any case, the first of duplicates counts.</summary>
public sealed class Sasl2File
{
    /// <summary>Every option and whether this version does something with it.</summary>
    static readonly FrozenDictionary<string, bool> _options = new Dictionary<string, bool>(StringComparer.Ordinal)
    {
        ["pwcheck_method"] = true, ["saslauthd_path"] = true, ["mech_list"] = true, ["log_level"] = true, ["auxprop_plugin"] = true,
        ["sasldb_path"] = true, ["authdaemond_path"] = false, ["client_mech_list"] = false, ["canon_user_plugin"] = false,
        ["auto_transition"] = false, ["plugin_list"] = false, ["sasldb_mapsize"] = false, ["sasldb_maxreaders"] = false,
        ["reauth_timeout"] = false, ["otp_mda"] = false, ["srp_mda"] = false, ["scram_secret_generate"] = false,
        ["scram_iteration_counter"] = false, ["keytab"] = false, ["ad_compat"] = false, ["service_principal"] = false, ["ccache_store"] = false,
        ["ntlm_server"] = false, ["ntlm_v2"] = false, ["srvtab"] = false, ["sql_engine"] = false, ["sql_hostnames"] = false,
        ["sql_user"] = false, ["sql_passwd"] = false, ["sql_database"] = false, ["sql_usessl"] = false, ["sql_select"] = false,
        ["sql_statement"] = false, ["sql_insert"] = false, ["sql_update"] = false, ["ldapdb_uri"] = false, ["ldapdb_id"] = false,
        ["ldapdb_pw"] = false, ["ldapdb_mech"] = false, ["ldapdb_rc"] = false, ["ldapdb_starttls"] = false, ["ldapdb_canon_attr"] = false,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    static readonly string[] _verifiers = ["auxprop", "saslauthd", "pwcheck", "authdaemond", "alwaystrue", "auxprop-hashed"];

    readonly IReadOnlyDictionary<string, string> _values;

    Sasl2File(string name, IReadOnlyDictionary<string, string> values) => (Name, _values) = (name, values);

    /// <summary>The application's name: "smtpd" for smtpd.conf.</summary>
    public string Name { get; }

    public IReadOnlyList<string> PwcheckMethod => Words("pwcheck_method", "auxprop");

    public string SaslauthdPath => Text("saslauthd_path", "/var/run/saslauthd/mux");

    /// <summary>The mechanisms to offer, in this order; empty: all.</summary>
    public IReadOnlyList<string> MechList => Words("mech_list", "");

    public int LogLevel => int.TryParse(Text("log_level", "1"), out var level) ? level : 1;

    public string SasldbPath => Text("sasldb_path", "/etc/sasl2/secrets.db");

    public IReadOnlyList<string> AuxpropPlugin => Words("auxprop_plugin", "");

    public string Text(string option, string @default) => _values.GetValueOrDefault(option, @default);

    public static Sasl2File Empty(string name) => new(name, new Dictionary<string, string>());

    public static Sasl2File Parse(string file, string text, List<Problem> problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
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
                problems.Add(new(file, number, $"no ':' in \"{Short(line)}\" (key: value)", line.Contains('=') ? line.Replace("=", ":") : null));
            else if (value.Length == 0)
                problems.Add(new(file, number, $"option \"{Short(key)}\" has no value"));
            else
                Option(file, number, key, value, problems);
            if (colon >= 0 && !values.TryAdd(key, value) && values[key] != value)
                problems.Add(new(file, number, $"option {key} is set already; the first one counts", IsWarning: true));
        }
        return new Sasl2File(Path.GetFileNameWithoutExtension(file), values);
    }

    static void Option(string file, int line, string key, string value, List<Problem> problems)
    {
        if (!_options.TryGetValue(key, out var isSupported))
            problems.Add(new(file, line, $"unknown option: {Short(key)}", NearMiss.Find(key, _options.Keys)));
        else if (!isSupported)
            problems.Add(new(file, line, $"{key}: not implemented in this version, ignored", IsWarning: true));
        if (key != "pwcheck_method")
            return;
        foreach (var word in Split(value))
        {
            if (!_verifiers.Contains(word, StringComparer.OrdinalIgnoreCase))
                problems.Add(new(file, line, $"unknown password verifier {Short(word)}", NearMiss.Find(word, _verifiers)));
            else if (word is not ("auxprop" or "saslauthd"))
                problems.Add(new(file, line, $"password verifier {word}: not implemented in this version"));
        }
    }

    string[] Words(string option, string @default) => Split(Text(option, @default));

    /// <summary>Words between blanks and commas. Braces mean nothing here: they group words in main.cf only.</summary>
    static string[] Split(string value) => value.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);

    static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

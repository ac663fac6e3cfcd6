namespace Sasl.Hosting.Configuration;

/// <summary>
/// A sasl2/NAME.conf as an auth server's settings and passdbs. Cyrus asks the verifiers of pwcheck_method for a password, and the auxprop plugins for
/// everything else, whether they are among the verifiers or not.
/// </summary>
/// <param name="Settings">What is set of dovecot.conf's settings.</param>
public sealed record Sasl2FilePlan(IReadOnlyDictionary<string, string> Settings, IReadOnlyList<DovecotDatabase> Passdbs)
{
    static readonly string[] _plaintext = ["PLAIN", "LOGIN"];

    /// <summary>What a database with secrets serves, the strongest first.</summary>
    static readonly string[] _secret = ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "DIGEST-MD5", "CRAM-MD5"];

    static readonly string[] _plugins = ["sasldb", "sql", "ldapdb"];

    /// <param name="localDomain">smtpd_sasl_local_domain: the realm of names without one; empty: none is put behind them.</param>
    /// <param name="hostName">The realm of names without one in databases with realms.</param>
    public static Sasl2FilePlan Read(Sasl2File file, string localDomain, string hostName, List<Problem> problems)
    {
        var realm = localDomain.Length > 0 ? localDomain : hostName;
        var verifiers = file.PwcheckMethod.Select(v => v.ToLowerInvariant()).Distinct().ToList();
        var mechanisms = Mechanisms(file, verifiers.Contains("auxprop"), problems);
        var plugins = Plugins(file, realm, problems);
        var passdbs = new List<DovecotDatabase>();
        foreach (var verifier in verifiers)
        {
            if (verifier == "saslauthd")
                passdbs.Add(new("saslauthd", file.SaslauthdPath, new Dictionary<string, string>(), file.Path, file.LineOf("pwcheck_method")));
            else if (verifier == "auxprop")
                passdbs.AddRange(plugins);
        }
        var others = mechanisms.Where(m => !_plaintext.Contains(m, StringComparer.OrdinalIgnoreCase)).ToList();
        if (!verifiers.Contains("auxprop") && others.Exists(m => _secret.Contains(m, StringComparer.OrdinalIgnoreCase) || m.StartsWith("SCRAM-", StringComparison.OrdinalIgnoreCase) || m.Equals("OTP", StringComparison.OrdinalIgnoreCase)))
            passdbs.AddRange(plugins.Select(p => p with { Settings = new Dictionary<string, string>(p.Settings, StringComparer.Ordinal) { ["mechanisms"] = string.Join(' ', others) } }));
        // libsasl2 knows no rules for names: they are looked up as the client sent them.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [DovecotConf.AuthMechanisms.Name] = string.Join(' ', mechanisms),
            [DovecotConf.AuthUsernameChars.Name] = "",
            [DovecotConf.AuthUsernameFormat.Name] = "",
            [DovecotConf.AuthUsernameTranslation.Name] = "",
            [DovecotConf.AuthMasterUserSeparator.Name] = "",
            [DovecotConf.AuthDefaultRealm.Name] = localDomain,
            [DovecotConf.AuthRealms.Name] = realm,
            [DovecotConf.AuthVerbose.Name] = file.LogLevel >= 2 ? "yes" : "no",
            [DovecotConf.AuthDebug.Name] = file.LogLevel >= 5 ? "yes" : "no",
            [DovecotConf.AuthKrb5Keytab.Name] = file.Text("keytab"),
            [DovecotConf.AuthScramIterations.Name] = file.Text("scram_iteration_counter"),
            [DovecotConf.AuthUpgradePasswords.Name] = file.Text("auto_transition") == "no" ? "no" : "yes",
            [DovecotConf.AuthDigestReauthTime.Name] = $"{file.Text("reauth_timeout")} mins",
        };
        Secrets(file, problems);
        return new(settings, passdbs);
    }

    static List<string> Mechanisms(Sasl2File file, bool hasSecrets, List<Problem> problems)
    {
        if (file.MechList.Count == 0)
            return hasSecrets ? [.. _secret, .. _plaintext] : [.. _plaintext];
        var mechanisms = new List<string>();
        foreach (var mechanism in file.MechList)
        {
            if (DovecotListCheck.MechanismComplaint(mechanism) is var (message, suggestion, isWarning))
                problems.Add(new(file.Path, file.LineOf("mech_list"), $"mech_list: {message}", suggestion?.ToUpperInvariant(), isWarning));
            else
                mechanisms.Add(mechanism);
        }
        return mechanisms;
    }

    static List<DovecotDatabase> Plugins(Sasl2File file, string realm, List<Problem> problems)
    {
        IEnumerable<string> named = file.AuxpropPlugin.Count > 0 ? file.AuxpropPlugin.Select(p => p.ToLowerInvariant()).Distinct()
            : _plugins.Where(p => p == "sasldb" || (p == "sql" && (file.IsSet("sql_select") || file.IsSet("sql_statement"))) || (p == "ldapdb" && file.IsSet("ldapdb_uri")));
        var databases = new List<DovecotDatabase>();
        foreach (var plugin in named)
        {
            if (plugin == "sasldb")
                databases.Add(Sasldb(file, realm, problems));
            else if (plugin == "sql")
                databases.Add(Sasl2FileSql.Read(file, realm, problems));
            else if (plugin == "ldapdb")
                databases.Add(Sasl2FileLdap.Read(file, problems));
            else
                problems.Add(new(file.Path, file.LineOf("auxprop_plugin"), $"unknown auxprop plugin {plugin}", NearMiss.Find(plugin, _plugins)));
        }
        return databases;
    }

    static DovecotDatabase Sasldb(Sasl2File file, string realm, List<Problem> problems)
    {
        if (file.IsSet("sasldb_path") && File.Exists(file.SasldbPath) && !IsSqlite(file.SasldbPath))
            problems.Add(new(file.Path, file.LineOf("sasldb_path"), $"{file.SasldbPath} is not a secrets database of ours but one of Cyrus': db5.3_dump it, and import that with mailctl user import"));
        return new("sasldb", $"{file.SasldbPath} realm={realm}", new Dictionary<string, string>(), file.Path, file.LineOf("sasldb_path"));
    }

    static bool IsSqlite(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Span<byte> head = stackalloc byte[15];
            return stream.Length == 0 || (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual("SQLite format 3"u8));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Who may read it will see.
            return true;
        }
    }

    static void Secrets(Sasl2File file, List<Problem> problems)
    {
        if (Sasl2FileOptions.Table.All.FirstOrDefault(o => o.IsSecret && file.IsSet(o.Name)) is { } secret && DovecotDriverFile.IsOpen(file.Path))
            problems.Add(new(file.Path, 0, $"everybody can read {secret.Name} in it: chmod 600 {file.Path}", IsWarning: true));
    }
}

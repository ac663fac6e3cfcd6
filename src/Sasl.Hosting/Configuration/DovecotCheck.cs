namespace Sasl.Hosting.Configuration;

/// <summary>Turns the tree of a dovecot.conf into a configuration and says what is wrong with it, each with file and line.</summary>
public static class DovecotCheck
{
    static readonly string[] _protocols = ["imap", "pop3", "lmtp", "lda", "submission", "sieve", "smtp", "doveadm", "indexer-worker"];

    /// <summary>Not honoured, they would let in whom they are to keep out.</summary>
    static readonly string[] _restrictions = ["auth_policy_server_url", "login_access_sockets"];

    /// <summary>What begins like these changes what is logged and how long something takes, and nobody's rights.</summary>
    static readonly string[] _harmless = ["auth_verbose", "auth_debug", "auth_cache_", "auth_worker_", "auth_failure_delay"];

    static readonly string[] _served = ["imap", "pop3", "lmtp"];

    /// <summary>Sections that are read and not honoured. All their content is the other program's business.</summary>
    static readonly string[] _unsupportedSections = ["namespace", "plugin", "local", "local_name", "remote", "dict", "mailbox", "group", "event_exporter", "metric"];

    static readonly string[] _sections = ["service", "passdb", "userdb", "protocol", "protocols", "auth_policy", .. DovecotModernNames.Sections, .. _unsupportedSections];

    public static DovecotConfiguration Run(DovecotSection root, List<Problem> problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var protocols = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var assignment in root.Assignments.Where(a => !DovecotDatabaseReader.IsModern(a) || DovecotModernNames.IsOfServer(a.Name)))
            Assign(assignment, values, problems);
        foreach (var section in root.Children.OfType<DovecotSection>())
        {
            if (section.Name == "protocols")
                values["protocols"] = Flags(section);
            else if (section.Name == "protocol")
                Protocol(section, values, protocols, problems);
            else if (section.Name == "service")
                DovecotServiceCheck.Run(section, problems);
            else if (section.Name is "passdb" or "userdb" || DovecotDatabaseReader.IsModern(section))
                continue;
            else if (section.Argument.Length == 0 && DovecotConf.Table.Find(section.Name) is { Type: SettingType.List })
                Assign(new(section.Name, Flags(section), false, section.File, section.Line), values, problems);
            else if (section.Name == "auth_policy")
            {
                foreach (var inner in section.Assignments)
                    Assign(inner.Name.StartsWith("auth_policy_", StringComparison.Ordinal) ? inner : inner with { Name = $"auth_policy_{inner.Name}" }, values, problems);
            }
            else if (section.Children.OfType<DovecotSection>().FirstOrDefault(s => s.Name is "passdb" or "userdb") is { } database)
                problems.Add(new(database.File, database.Line, $"section {database.Name} within {section.Name}: not implemented in this version"));
            else if (_unsupportedSections.Contains(section.Name))
                problems.Add(new(section.File, section.Line, $"section {section.Name}{(section.Argument.Length > 0 ? $" {section.Argument}" : "")}: not implemented in this version, ignored", IsWarning: true));
            else
                problems.Add(new(section.File, section.Line, $"Unknown section name: {section.Name}", NearMiss.Find(section.Name, _sections)));
        }
        DovecotModernMail.Translate(root, values, problems);
        var configuration = new DovecotConfiguration(root, DovecotConf.Create(values), protocols)
        {
            Passdbs = DovecotDatabaseReader.Read("passdb", root, problems), Userdbs = DovecotDatabaseReader.Read("userdb", root, problems),
        };
        DovecotListCheck.Run(configuration, (setting, message, suggestion, isWarning) =>
        {
            var (file, line) = PlaceOf(root, setting);
            problems.Add(new(file, line, $"{setting}: {message}", suggestion, isWarning));
        });
        return configuration;
    }

    /// <summary>Where a setting was last set; the file itself when it was not.</summary>
    public static (string File, int Line) PlaceOf(DovecotSection root, string setting) =>
        root.Assignments.LastOrDefault(a => (DovecotSynonyms.Translate(a)?.Name ?? "") == setting) is { } found ? (found.File, found.Line) : (root.File, 0);

    /// <summary>"name { a = yes b = no }": how 2.4 writes a list.</summary>
    static string Flags(DovecotSection section) =>
        string.Join(' ', section.Assignments.Where(a => a.Value.Equals("yes", StringComparison.OrdinalIgnoreCase)).Select(a => a.Name));

    static void Protocol(DovecotSection section, Dictionary<string, string> global, Dictionary<string, Dictionary<string, string>> protocols, List<Problem> problems)
    {
        var names = SettingValue.SplitList(section.Argument);
        if (names.Count == 0)
            problems.Add(new(section.File, section.Line, "protocol without a name"));
        foreach (var name in names.Where(n => !_protocols.Contains(n.TrimStart('!'))))
            problems.Add(new(section.File, section.Line, $"unknown protocol: {name}", NearMiss.Find(name, _protocols)));
        var own = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var assignment in section.Assignments)
        {
            // One auth server serves all protocols by the same settings.
            var isAuth = DovecotDatabaseReader.IsModern(assignment) || (DovecotSynonyms.Translate(assignment)?.Name.StartsWith("auth_", StringComparison.Ordinal) ?? false);
            if (!isAuth)
                Assign(assignment, own, problems);
            else if (DovecotSynonyms.Translate(assignment)!.Name is var name && assignment.Value != (global.GetValueOrDefault(name) ?? DovecotConf.Table.Find(name)?.Default))
            {
                var isHarmless = _harmless.Any(h => name.StartsWith(h, StringComparison.Ordinal));
                problems.Add(new(assignment.File, assignment.Line, $"{assignment.Name}: settings of the auth server for one protocol: not implemented in this version{(isHarmless ? ", ignored" : "")}", IsWarning: isHarmless));
            }
        }
        // "!smtp" is all but smtp.
        foreach (var name in names.SelectMany(n => n.StartsWith('!') ? _protocols.Where(p => p != n[1..]) : [n]).Distinct())
        {
            if (!protocols.TryGetValue(name, out var values))
                protocols[name] = values = new(StringComparer.Ordinal);
            foreach (var (setting, value) in own)
                values[setting] = value;
        }
        foreach (var inner in section.Children.OfType<DovecotSection>())
        {
            // A database that is asked for other protocols too may let in whom it should not.
            var isDatabase = inner.Name is "passdb" or "userdb" || DovecotDatabaseReader.IsModern(inner);
            problems.Add(new(inner.File, inner.Line, $"section {inner.Name} within protocol: not implemented in this version{(isDatabase ? "" : ", ignored")}", IsWarning: !isDatabase));
        }
    }

    static void Assign(DovecotAssignment written, Dictionary<string, string> values, List<Problem> problems)
    {
        if (DovecotSynonyms.Translate(written) is not { } assignment)
            return;
        if (DovecotConf.Table.Find(assignment.Name) is not { } setting)
        {
            if (DovecotModernMail.Contains(assignment.Name))
                return;
            problems.Add(DovecotConfOthers.Contains(assignment.Name) ? NotHere(written, assignment.Name)
                : new(written.File, written.Line, $"Unknown setting: {written.Name}", DovecotConf.Table.Suggest(written.Name)));
            return;
        }
        if (!assignment.IsFile && setting.Name is "ssl_cert" or "ssl_key" && assignment.Value.StartsWith('/'))
            problems.Add(new(written.File, written.Line, $"{written.Name} is the name of a file, not its content", $"<{assignment.Value}"));
        if (SettingCheck.Dovecot(setting, assignment.Value) is var (message, suggestion))
            problems.Add(new(written.File, written.Line, message, suggestion));
        else if (setting.IsUnsupported && assignment.Value != setting.Default)
            problems.Add(NotHere(written, setting.Name));
        values[setting.Name] = assignment.IsFile ? $"<{assignment.Value}" : assignment.Value;
    }

    static Problem NotHere(DovecotAssignment written, string name) => _restrictions.Contains(name)
        ? new(written.File, written.Line, $"{written.Name}: not implemented in this version")
        : new(written.File, written.Line, $"{written.Name}: not implemented in this version, ignored", IsWarning: true);

    /// <summary>The protocols of "protocols", for the checks of that list.</summary>
    internal static void ServedProtocols(DovecotConfiguration configuration, Action<string, string, string?, bool> report)
    {
        foreach (var protocol in configuration.Settings.List(DovecotConf.Protocols).Where(p => p != "none"))
        {
            if (!_protocols.Contains(protocol))
                report("protocols", $"unknown protocol: {protocol}", NearMiss.Find(protocol, _protocols), false);
            else if (!_served.Contains(protocol))
                report("protocols", $"{protocol}: not implemented in this version, not served", null, true);
        }
    }
}

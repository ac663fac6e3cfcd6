namespace Sasl.Hosting.Configuration;

/// <summary>Turns the tree of a dovecot.conf into a configuration and says what is wrong with it, each with file and line.</summary>
public static class DovecotCheck
{
    static readonly string[] _protocols = ["imap", "pop3", "lmtp", "lda", "submission", "sieve"];

    static readonly string[] _served = ["imap", "pop3", "lmtp"];

    /// <summary>Sections that are read and not honoured. All their content is the other program's business.</summary>
    static readonly string[] _unsupportedSections = ["namespace", "plugin", "local", "local_name", "remote", "dict", "mailbox", "group", "event_exporter", "metric"];

    static readonly string[] _sections = ["service", "passdb", "userdb", "protocol", "protocols", .. DovecotModernNames.Sections, .. _unsupportedSections];

    public static DovecotConfiguration Run(DovecotSection root, List<Problem> problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var protocols = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var assignment in root.Assignments.Where(a => !DovecotDatabaseReader.IsModern(a)))
            Assign(assignment, values, problems);
        foreach (var section in root.Children.OfType<DovecotSection>())
        {
            if (section.Name == "protocols")
                values["protocols"] = string.Join(' ', section.Assignments.Where(a => a.Value == "yes").Select(a => a.Name));
            else if (section.Name == "protocol")
                Protocol(section, protocols, problems);
            else if (section.Name == "service")
                DovecotServiceCheck.Run(section, problems);
            else if (section.Name is "passdb" or "userdb" || DovecotDatabaseReader.IsModern(section))
                continue;
            else if (_unsupportedSections.Contains(section.Name))
                problems.Add(new(section.File, section.Line, $"section {section.Name}{(section.Argument.Length > 0 ? $" {section.Argument}" : "")}: not implemented in this version, ignored", IsWarning: true));
            else
                problems.Add(new(section.File, section.Line, $"Unknown section name: {section.Name}", NearMiss.Find(section.Name, _sections)));
        }
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

    static void Protocol(DovecotSection section, Dictionary<string, Dictionary<string, string>> protocols, List<Problem> problems)
    {
        var names = SettingValue.SplitList(section.Argument);
        if (names.Count == 0)
            problems.Add(new(section.File, section.Line, "protocol without a name"));
        foreach (var name in names)
        {
            if (!_protocols.Contains(name))
                problems.Add(new(section.File, section.Line, $"unknown protocol: {name}", NearMiss.Find(name, _protocols)));
            if (!protocols.TryGetValue(name, out var values))
                protocols[name] = values = new(StringComparer.Ordinal);
            foreach (var assignment in section.Assignments)
                Assign(assignment, values, problems);
        }
        foreach (var inner in section.Children.OfType<DovecotSection>())
            problems.Add(new(inner.File, inner.Line, $"section {inner.Name} within protocol: not implemented in this version, ignored", IsWarning: true));
    }

    static void Assign(DovecotAssignment written, Dictionary<string, string> values, List<Problem> problems)
    {
        if (DovecotSynonyms.Translate(written) is not { } assignment)
            return;
        if (DovecotConf.Table.Find(assignment.Name) is not { } setting)
        {
            problems.Add(new(written.File, written.Line, $"Unknown setting: {written.Name}", DovecotConf.Table.Suggest(written.Name)));
            return;
        }
        if (!assignment.IsFile && setting.Name is "ssl_cert" or "ssl_key" && assignment.Value.StartsWith('/'))
            problems.Add(new(written.File, written.Line, $"{written.Name} is the name of a file, not its content", $"<{assignment.Value}"));
        if (SettingCheck.Dovecot(setting, assignment.Value) is var (message, suggestion))
            problems.Add(new(written.File, written.Line, message, suggestion));
        else if (setting.IsUnsupported && assignment.Value != setting.Default)
            problems.Add(new(written.File, written.Line, $"{written.Name}: not implemented in this version, ignored", IsWarning: true));
        values[setting.Name] = assignment.IsFile ? $"<{assignment.Value}" : assignment.Value;
    }

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

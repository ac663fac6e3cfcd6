namespace Sasl.Hosting.Configuration;

/// <summary>Reads one passdb or userdb block.</summary>
sealed class DovecotDatabaseBlock
{
    readonly DovecotSection _section;
    readonly DovecotModernScope _global, _own;
    readonly List<Problem> _problems;
    readonly string _kind, _driver;
    readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);

    public DovecotDatabaseBlock(DovecotSection section, DovecotModernScope global, List<Problem> problems)
    {
        (_section, _global, _own, _problems, _kind) = (section, global, new(problems), problems, section.Name);
        _driver = section.Value("driver") ?? section.Value($"{_kind}_driver") ?? section.Argument;
    }

    public DovecotDatabase Read()
    {
        if (DovecotDrivers.Complaint(_kind, _driver) is var (message, suggestion))
            Add(_section.Assignments.LastOrDefault(a => a.Name == "driver") ?? (DovecotNode)_section, message, suggestion);
        var others = _own.Read(_section.Children, [.. new[] { $"{_kind}_{_section.Argument}_", $"{_kind}_{_driver}_", $"{_kind}_", "" }.Distinct()]);
        var arguments = new DovecotAssignment("args", "", false, _section.File, _section.Line);
        foreach (var node in others)
        {
            if (node is DovecotAssignment assignment)
                Assign(assignment, ref arguments);
            else
                Add(node, $"Unknown section name: {_kind} {{ {((DovecotSection)node).Name} }}", NearMiss.Find(((DovecotSection)node).Name, DovecotModernNames.All.Concat(DovecotModernNames.Sections)));
        }
        if (DovecotDatabaseConf.OfDriver(_driver) is { } table)
        {
            if (arguments.Value.Length > 0)
                File(arguments, table);
            Take(table);
        }
        Take(DovecotDatabaseConf.OfBlock(_kind));
        var words = new DovecotModernArguments(_kind, _driver, _own, _global, _settings, _problems).Read(arguments);
        if (_section.Argument.Length > 0 && _section.Argument != _driver)
            _settings.TryAdd("name", _section.Argument);
        if (_settings.Remove("fields_import_all", out var importsAll) && importsAll == "no" && _driver != "ldap")
            Add(_section, $"{_kind}: fields_import_all = no: not implemented in this version: name the columns that you want in the query");
        Check(arguments, words);
        // What the system's database says of a password, the auth server may not read either.
        if (this is { _kind: "passdb", _driver: "passwd" })
            _settings.TryAdd("name", "passwd");
        return new(_kind == "passdb" && _driver == "passwd" ? "shadow" : _driver, words, _settings, _section.File, _section.Line);
    }

    void Assign(DovecotAssignment assignment, ref DovecotAssignment arguments)
    {
        var table = DovecotDatabaseConf.OfBlock(_kind);
        if (assignment.Name == "args")
            arguments = assignment;
        else if (table.Find(assignment.Name) is { } setting)
        {
            if (assignment.Name != "driver")
                _settings[setting.Name] = DovecotDriverFile.Checked(setting, assignment.Value, assignment.File, assignment.Line, _problems);
        }
        else
            Add(assignment, $"Unknown setting: {_kind} {{ {assignment.Name} }}", Near(assignment.Name, table));
    }

    /// <summary>What may have been meant: a setting of a block, or a name of 2.4, written as the block allows.</summary>
    string? Near(string name, SettingTable table)
    {
        if (DovecotDatabaseConf.OfDriver(_driver)?.Find(name)?.Aliases is [var modern, ..])
            return modern;
        string[] beginnings = [$"{_kind}_{_driver}_", $"{_kind}_", ""];
        var names = DovecotModernNames.All.SelectMany(n => beginnings.Where(b => n.StartsWith(b, StringComparison.Ordinal)).Select(b => n[b.Length..]).Take(1));
        return NearMiss.Find(name, table.All.Select(s => s.Name).Concat(names).Distinct());
    }

    void File(DovecotAssignment arguments, SettingTable table)
    {
        if (!System.IO.File.Exists(arguments.Value))
        {
            Add(arguments, $"{_kind} {_driver}: there is no file {arguments.Value}");
            return;
        }
        // A passdb and a userdb often share a file: it is wrong once.
        var found = new List<Problem>();
        foreach (var (name, value) in DovecotDriverFile.Load(arguments.Value, table, found))
            _settings[name] = value;
        _problems.AddRange(found.Where(p => !_problems.Contains(p)));
    }

    /// <summary>The names of 2.4 that stand for settings of a table.</summary>
    void Take(SettingTable table)
    {
        var otherKind = _kind == "passdb" ? "userdb_" : "passdb_";
        var isBlock = table == DovecotDatabaseConf.OfBlock(_kind);
        foreach (var setting in table.All.Where(s => !(isBlock && s.Name == "driver")))
        {
            foreach (var alias in setting.Aliases.Where(a => !a.StartsWith(otherKind, StringComparison.Ordinal) && DovecotModernNames.ShapeOf(a) != ModernShape.Pairs))
            {
                if ((_own.Value(alias) ?? _global.Value(alias)) is not { } assignment)
                    continue;
                var value = alias == "http_client_request_timeout" ? Milliseconds(assignment) : assignment.Value;
                _settings[setting.Name] = DovecotDriverFile.Checked(setting, value, assignment.File, assignment.Line, _problems);
                if (DovecotDriverFile.IsSecret(setting, value) && DovecotDriverFile.IsOpen(assignment.File))
                    Add(assignment with { Line = 0 }, $"everybody can read {assignment.Name} in it: chmod 600 {assignment.File}", isWarning: true);
            }
        }
    }

    string Milliseconds(DovecotAssignment assignment)
    {
        var text = assignment.Value.Replace(" ", "");
        if (text.EndsWith("ms", StringComparison.Ordinal) || text.EndsWith("msecs", StringComparison.Ordinal))
            return text.TrimEnd('s', 'c', 'e', 'm');
        return SettingValue.TryParseTime(assignment.Value, 's', out var time) ? ((long)time.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture) : assignment.Value;
    }

    /// <summary>What of the args can be seen to be wrong before anybody logs in.</summary>
    void Check(DovecotAssignment arguments, string words)
    {
        if (_driver == "passwd-file" && DovecotWordList.Split(words).LastOrDefault(w => !w.Contains('=')) is { } path && !path.Contains('%') && !System.IO.File.Exists(path))
            Add(arguments, $"{_kind} passwd-file: there is no file {path}");
        if (_driver == "passwd-file" && !DovecotWordList.Split(words).Any(w => w.StartsWith('/')))
            Add(arguments, $"{_kind} passwd-file: no path of a file (args = /path, or passwd_file_path)");
        if (_settings.GetValueOrDefault("pass") == "yes" && _settings.GetValueOrDefault("result_success", "return-ok") != "return-ok")
            Add(_section, "passdb: pass = yes and result_success say the same: use result_success only");
    }

    void Add(DovecotNode place, string message, string? suggestion = null, bool isWarning = false)
    {
        var problem = new Problem(place.File, place.Line, message, suggestion, isWarning);
        if (!_problems.Contains(problem))
            _problems.Add(problem);
    }
}

namespace Sasl.Hosting.Configuration;

/// <summary>What several settings of 2.4 together say, as 2.3 has it in one: args, connect, pass_attrs, override_fields.</summary>
sealed class DovecotModernArguments(string kind, string driver, DovecotModernScope own, DovecotModernScope global, Dictionary<string, string> settings, List<Problem> problems)
{
    /// <summary>The block's args: those that it has, or those that its other settings make.</summary>
    public string Read(DovecotAssignment arguments)
    {
        var fields = Pairs($"{kind}_fields");
        switch (driver)
        {
            case "sql":
                Connect();
                break;
            case "ldap":
                Ldap(fields, arguments.Value.Length == 0);
                fields = [];
                break;
            case "oauth2":
                OAuth2();
                break;
            case "static":
                return Static(arguments, fields);
            case "passwd-file":
                Override(fields);
                return PasswdFile(arguments);
            case "pam":
                Override(fields);
                return Pam(arguments);
        }
        Override(fields);
        return arguments.Value;
    }

    DovecotAssignment? Value(string name) => own.Value(name) ?? global.Value(name);

    List<DovecotAssignment> Pairs(string name) => [.. global.Pairs(name).Where(g => !own.Pairs(name).Any(o => o.Name == g.Name)), .. own.Pairs(name)];

    static IEnumerable<string> Words(IEnumerable<DovecotAssignment> pairs) => pairs.Select(p => $"{p.Name}={p.Value}");

    void Override(List<DovecotAssignment> fields)
    {
        if (fields.Count > 0)
            settings["override_fields"] = DovecotWordList.Join([.. DovecotWordList.Split(settings.GetValueOrDefault("override_fields", "")), .. Words(fields)]);
    }

    string Static(DovecotAssignment arguments, List<DovecotAssignment> fields)
    {
        var words = DovecotWordList.Split(arguments.Value).ToList();
        if (Value("passdb_static_password") is { } password && kind == "passdb")
            words.Add($"password={password.Value}");
        words.AddRange(Words(fields));
        if (Value("userdb_static_allow_all_users") is { } all && kind == "userdb")
            words.Add($"allow_all_users={all.Value.ToLowerInvariant()}");
        return words.Count == 0 ? arguments.Value : DovecotWordList.Join(words);
    }

    string PasswdFile(DovecotAssignment arguments)
    {
        var words = new List<string>();
        if (kind == "passdb" && Value("passdb_default_password_scheme") is { } scheme)
            words.Add($"scheme={scheme.Value}");
        if (own.Value("auth_username_format") is { } format)
            words.Add($"username_format={format.Value}");
        words.AddRange(DovecotWordList.Split(arguments.Value));
        if (Value("passwd_file_path") is { } path)
            words.Add(path.Value);
        return DovecotWordList.Join(words);
    }

    string Pam(DovecotAssignment arguments)
    {
        foreach (var name in new[] { "passdb_pam_session", "passdb_pam_setcred", "passdb_pam_max_requests", "passdb_pam_failure_show_msg" })
        {
            if (Value(name) is { } ignored && !ignored.Value.Equals("no", StringComparison.OrdinalIgnoreCase))
                Warn(ignored, $"{ignored.Name}: not implemented in this version, ignored: saslauthd asks PAM");
        }
        if (Value("passdb_pam_service_name") is not { } service)
            return arguments.Value;
        return $"{arguments.Value} {(service.Value.Replace(" ", "") is "%{protocol}" or "%{service}" or "%s" ? "*" : service.Value)}".TrimStart();
    }

    void Ldap(List<DovecotAssignment> fields, bool isModern)
    {
        if (settings.GetValueOrDefault("sasl_mech", "").Length > 0 && (Value("ldap_auth_sasl_mechanisms") ?? Value("ldap_auth_sasl_mechanism")) is { } mechanisms)
        {
            settings["sasl_bind"] = "yes";
            if (SettingValue.SplitList(settings["sasl_mech"]) is [var first, _, ..])
            {
                settings["sasl_mech"] = first;
                Warn(mechanisms, $"{mechanisms.Name}: only the first, {first}, is used");
            }
        }
        if (Value("ssl_client_require_valid_cert") is { } verifies && verifies.Value.Equals("no", StringComparison.OrdinalIgnoreCase))
            settings.TryAdd("tls_require_cert", "never");
        foreach (var (names, setting) in new[] { (fields, kind == "passdb" ? "pass_attrs" : "user_attrs"), (Pairs("userdb_ldap_iterate_fields"), "iterate_attrs") })
        {
            foreach (var field in names.Where(f => CommaOutsideOfBraces(f.Value)))
                Error(field, $"{field.Name}: a comma in a field's value: not implemented in this version for ldap");
            if (names.Count > 0)
                settings[setting] = string.Join(',', names.Select(f => $"={f.Name}={f.Value}"));
        }
        // In 2.4 a block without fields takes none; 2.3's default would change the user's name to his uid.
        if (isModern && kind == "passdb" && fields.Count == 0)
            settings.TryAdd("pass_attrs", "userPassword=password");
    }

    void OAuth2()
    {
        if (Pairs("oauth2_fields") is { Count: > 0 } fields)
            settings["pass_attrs"] = DovecotWordList.Join(Words(fields));
        if ((own.Validation ?? global.Validation) is not { } validation)
            return;
        // dict fs { fs posix { prefix = /directory/ } }
        var prefix = validation.Sections("dict").Where(d => d.Argument == "fs").SelectMany(d => d.Sections("fs")).Where(f => f.Argument == "posix")
            .Select(f => f.Value("prefix") ?? f.Value("fs_posix_prefix")).FirstOrDefault();
        if (prefix is null)
            problems.Add(new(validation.File, validation.Line, "oauth2_local_validation: only dict fs { fs posix { prefix = /directory/ } } is implemented in this version"));
        else
            settings["local_validation_key_dict"] = $"fs:posix:prefix={prefix}";
    }

    /// <summary>2.4 has a block for each server, 2.3 a connect string.</summary>
    void Connect()
    {
        if (settings.GetValueOrDefault("driver") == "sqlite" && Value("sqlite_path") is { } path)
        {
            settings["connect"] = path.Value;
            foreach (var name in new[] { "sqlite_journal_mode", "sqlite_synchronous", "sqlite_busy_timeout", "sqlite_readonly" })
            {
                if (Value(name) is { } ignored)
                    Warn(ignored, $"{name}: not implemented in this version, ignored");
            }
            return;
        }
        var servers = (own.Servers.Count > 0 ? own.Servers : global.Servers).Where(s => s.Name == settings.GetValueOrDefault("driver")).ToList();
        if (settings.GetValueOrDefault("driver") != "pgsql" || servers.Count == 0)
            return;
        var parameters = servers.ConvertAll(Parameters);
        if (parameters.Exists(p => !p.SequenceEqual(parameters[0])))
            problems.Add(new(servers[^1].File, servers[^1].Line, "pgsql: several servers with different parameters: not implemented in this version"));
        settings["connect"] = string.Join(' ', servers.Select(s => $"host={Quote(s.Value("host") ?? s.Value("pgsql_host") ?? s.Argument)}").Concat(parameters[0]));
        foreach (var open in servers.SelectMany(s => s.Sections("parameters")).SelectMany(p => p.Assignments).Where(a => a.Name == "password" && DovecotDriverFile.IsOpen(a.File)))
        {
            var problem = new Problem(open.File, 0, $"everybody can read password in it: chmod 600 {open.File}", IsWarning: true);
            if (!problems.Contains(problem))
                problems.Add(problem);
        }
    }

    List<string> Parameters(DovecotSection server)
    {
        var words = new List<string>();
        foreach (var assignment in server.Assignments)
        {
            if (assignment.Name is "connection_limit" or "pgsql_connection_limit")
                words.Add($"maxconns={assignment.Value}");
            else if (assignment.Name is not ("host" or "pgsql_host"))
                Error(assignment, $"Unknown setting: pgsql {{ {assignment.Name} }}", NearMiss.Find(assignment.Name, ["host", "connection_limit", "parameters"]));
        }
        foreach (var section in server.Children.OfType<DovecotSection>())
        {
            if (section.Name is not ("parameters" or "pgsql_parameters"))
                problems.Add(new(section.File, section.Line, $"Unknown section name: pgsql {{ {section.Name} }}", NearMiss.Find(section.Name, ["parameters"])));
            else
                words.AddRange(section.Assignments.Select(a => $"{a.Name}={Quote(a.Value)}"));
        }
        return words;
    }

    /// <summary>As libpq has it.</summary>
    internal static string Quote(string value) => value.Length > 0 && value.AsSpan().IndexOfAny(" \t'\\") < 0 ? value : $"'{value.Replace("\\", "\\\\").Replace("'", "\\'")}'";

    static bool CommaOutsideOfBraces(string text)
    {
        var depth = 0;
        foreach (var c in text)
        {
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ',' && depth <= 0)
                return true;
        }
        return false;
    }

    void Warn(DovecotNode place, string message)
    {
        var problem = new Problem(place.File, place.Line, message, IsWarning: true);
        if (!problems.Contains(problem))
            problems.Add(problem);
    }

    void Error(DovecotNode place, string message, string? suggestion = null) => problems.Add(new(place.File, place.Line, message, suggestion));
}

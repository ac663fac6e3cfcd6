namespace Sasl.Hosting.Configuration;

/// <summary>Whether smtpd's logins have somebody to ask: an auth socket that our auth server or another program offers, or a sasl2 file.</summary>
static class SmtpdSaslCheck
{
    /// <summary>
    /// One auth server for each name of a sasl2 file. Services that share one have its realm in common: two would be two servers on one socket.
    /// </summary>
    public static IReadOnlyDictionary<string, Sasl2FilePlan> Plans(MailConfiguration configuration, string mainFile, IReadOnlyList<PostfixEntry> entries, List<Problem> problems)
    {
        var plans = new SortedDictionary<string, Sasl2FilePlan>(StringComparer.Ordinal);
        var realms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var service in configuration.Services)
        {
            var settings = service.SettingsFor(configuration.Main);
            if (!settings.Boolean(MainCf.SmtpdSaslAuthEnable) || settings.Text(MainCf.SmtpdSaslType) != "cyrus")
                continue;
            var (name, realm) = (settings.Text(MainCf.SmtpdSaslPath), settings.Text(MainCf.SmtpdSaslLocalDomain));
            if (!realms.TryAdd(name, realm))
            {
                if (realms[name] != realm)
                    problems.Add(new(service.File, service.Line, $"smtpd_sasl_local_domain: services that share sasl2/{name}.conf must have the same one"));
                continue;
            }
            var file = configuration.Sasl2.GetValueOrDefault(name) ?? Sasl2File.Empty(name);
            var own = new List<Problem>();
            plans[name] = Sasl2FilePlan.Read(file, realm, settings.Text(MainCf.Myhostname), own);
            // Of a file that is not there nothing has a line.
            var line = entries.LastOrDefault(e => e.Name == "smtpd_sasl_path")?.Line ?? 0;
            problems.AddRange(own.Select(p => configuration.Sasl2.ContainsKey(name) ? p : p with { File = mainFile, Line = line }));
        }
        return plans;
    }

    public static void Run(MailConfiguration configuration, string mainFile, IReadOnlyList<PostfixEntry> entries, bool hasDovecotConf, List<Problem> problems)
    {
        foreach (var service in configuration.Services)
        {
            var settings = service.SettingsFor(configuration.Main);
            if (!settings.Boolean(MainCf.SmtpdSaslAuthEnable))
                continue;
            var path = settings.Text(MainCf.SmtpdSaslPath);
            if (settings.Text(MainCf.SmtpdSaslType) == "cyrus")
            {
                if (!configuration.Sasl2.ContainsKey(path))
                    Add(service, $"there is no sasl2/{path}.conf, its defaults hold", NearMiss.Find(path, configuration.Sasl2.Keys));
                continue;
            }
            if (path.StartsWith("inet:", StringComparison.Ordinal))
                continue;
            var socket = Path.Combine(settings.Text(MainCf.QueueDirectory), path.StartsWith("unix:", StringComparison.Ordinal) ? path[5..] : path);
            var offered = configuration.Dovecot.Service("auth").UnixListeners.Select(l => l.Path).ToList();
            if (hasDovecotConf && !offered.Contains(socket) && !File.Exists(socket))
                Add(service, $"nobody offers the auth socket {socket}: no unix_listener of service auth in dovecot.conf", NearMiss.Find(socket, offered));
        }

        void Add(MasterService service, string message, string? suggestion)
        {
            var isOverridden = service.Overrides.Any(o => o.Key is "smtpd_sasl_path" or "smtpd_sasl_type");
            var line = entries.LastOrDefault(e => e.Name == "smtpd_sasl_path")?.Line ?? entries.LastOrDefault(e => e.Name == "smtpd_sasl_auth_enable")?.Line ?? 0;
            var problem = new Problem(isOverridden ? service.File : mainFile, isOverridden ? service.Line : line, $"smtpd_sasl_path: {message}", suggestion, IsWarning: true);
            if (!problems.Contains(problem))
                problems.Add(problem);
        }
    }
}

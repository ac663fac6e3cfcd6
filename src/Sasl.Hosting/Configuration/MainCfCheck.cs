namespace Sasl.Hosting.Configuration;

/// <summary>Everything that can be known to be wrong with a main.cf without asking anybody else, each with its file and line.</summary>
static class MainCfCheck
{
    public static void Run(string file, IReadOnlyList<PostfixEntry> entries, Settings settings, IReadOnlyList<MasterService> services, List<Problem> problems)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in entries)
            lines[entry.Name] = entry.Line;
        var referenced = References(entries, services, settings);
        foreach (var entry in entries)
        {
            if (lines[entry.Name] == entry.Line)
                Entry(entry, settings, referenced, problems);
        }
        foreach (var service in services)
            Overrides(service, settings, referenced, problems);
        if (services.Any(s => !s.Overrides.Any(o => RestrictionCheck.IsList(o.Key))) && !RestrictionCheck.IsGuarded(settings))
            problems.Add(new(file, Math.Max(lines.GetValueOrDefault("smtpd_relay_restrictions"), lines.GetValueOrDefault("smtpd_recipient_restrictions")), RestrictionCheck.NothingGuards));
        Lists(settings, (name, message, suggestion, isWarning) => problems.Add(new(file, lines.GetValueOrDefault(name), $"{name}: {message}", suggestion, isWarning)));
    }

    /// <summary>The lists of main.cf as they are, or as one service sees them.</summary>
    static void Lists(Settings settings, Action<string, string, string?, bool> report)
    {
        RestrictionCheck.Names(settings, report);
        NetworkListCheck.Run(settings, report);
        SaslOptionsCheck.Run(settings, report);
        if (settings.Size(MainCf.MailboxSizeLimit) is var limit and > 0 && limit < settings.Size(MainCf.MessageSizeLimit))
            report(MainCf.MailboxSizeLimit.Name, "main.cf configuration error: mailbox_size_limit is smaller than message_size_limit", null, false);
        if (settings.Boolean(MainCf.SmtpSaslAuthEnable) && settings.List(MainCf.SmtpSaslPasswordMaps).Count == 0)
            report(MainCf.SmtpSaslAuthEnable.Name, "smtp_sasl_auth_enable = yes needs smtp_sasl_password_maps", null, false);
    }

    static void Entry(PostfixEntry entry, Settings settings, HashSet<string> referenced, List<Problem> problems)
    {
        if (MainCf.Table.Find(entry.Name) is { } setting)
            Value(setting, entry.Value, settings, "", entry.File, entry.Line, problems);
        else if (MainCfOthers.Contains(entry.Name))
            problems.Add(new(entry.File, entry.Line, $"{entry.Name}: not implemented in this version, ignored", IsWarning: true));
        else if (!referenced.Contains(entry.Name))
            problems.Add(new(entry.File, entry.Line, $"unknown parameter: {entry.Name}", MainCf.Table.Suggest(entry.Name)));
        else if (!MainCfExpansion.TryExpand(settings.Raw, entry.Value, out _, out var error))
            problems.Add(new(entry.File, entry.Line, $"{entry.Name}: {error}"));
    }

    static void Value(Setting setting, string raw, Settings settings, string prefix, string file, int line, List<Problem> problems)
    {
        if (setting.IsRaw)
            return;
        if (!MainCfExpansion.TryExpand(settings.Raw, raw, out var value, out var error))
        {
            problems.Add(new(file, line, $"{prefix}{setting.Name}: {error}"));
            return;
        }
        foreach (var name in MainCfExpansion.References(raw))
        {
            if (!IsDefined(name, settings))
                problems.Add(new(file, line, $"{prefix}{setting.Name}: undefined parameter: ${name}", MainCf.Table.Suggest(name), IsWarning: true));
        }
        if (SettingCheck.MainCf(setting, value) is var (message, suggestion))
            problems.Add(new(file, line, prefix + message, suggestion));
        else if (setting.IsUnsupported && value != MainCfExpansion.Expand(settings, setting.Default))
            problems.Add(new(file, line, $"{prefix}{setting.Name}: not implemented in this version, ignored", IsWarning: true));
    }

    static void Overrides(MasterService service, Settings main, HashSet<string> referenced, List<Problem> problems)
    {
        var settings = service.SettingsFor(main);
        var prefix = $"service \"{service.Name}\": ";
        foreach (var (name, value) in service.Overrides)
        {
            if (MainCf.Table.Find(name) is { } setting)
                Value(setting, value, settings, prefix, service.File, service.Line, problems);
            else if (MainCfOthers.Contains(name))
                problems.Add(new(service.File, service.Line, $"{prefix}{name}: not implemented in this version, ignored", IsWarning: true));
            else if (!referenced.Contains(name))
                problems.Add(new(service.File, service.Line, $"{prefix}unknown parameter: {name}", MainCf.Table.Suggest(name)));
        }
        if (service.Overrides.Count > 0)
        {
            var overridden = service.Overrides.Select(o => o.Key).ToHashSet(StringComparer.Ordinal);
            Lists(settings, (name, message, suggestion, isWarning) =>
            {
                if (overridden.Contains(name))
                    problems.Add(new(service.File, service.Line, $"{prefix}{name}: {message}", suggestion, isWarning));
            });
        }
        if (service.Overrides.Any(o => RestrictionCheck.IsList(o.Key)) && !RestrictionCheck.IsGuarded(settings))
            problems.Add(new(service.File, service.Line, prefix + RestrictionCheck.NothingGuards));
    }

    static bool IsDefined(string name, Settings settings) =>
        settings.Explicit.ContainsKey(name) || MainCf.Table.Find(name) is not null || MainCfOthers.Contains(name);

    /// <summary>Names that some value refers to, and the restriction classes: legal in main.cf although no table has them.</summary>
    static HashSet<string> References(IReadOnlyList<PostfixEntry> entries, IReadOnlyList<MasterService> services, Settings settings)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in entries.Select(e => e.Value).Concat(services.SelectMany(s => s.Overrides).Select(o => o.Value)))
            names.UnionWith(MainCfExpansion.References(value));
        names.UnionWith(settings.List(MainCf.SmtpdRestrictionClasses));
        return names;
    }
}

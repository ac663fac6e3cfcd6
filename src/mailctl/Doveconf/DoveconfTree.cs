using Sasl.Hosting.Configuration;

namespace MailControl.Doveconf;

/// <summary>The entries that a mode shows: everything in force, what differs from the defaults, or the defaults.</summary>
static class DoveconfTree
{
    /// <summary>Sections whose content overrides what stands outside of them: they come last, in their order.</summary>
    static readonly string[] _filters = ["protocol", "local", "local_name", "remote"];

    /// <summary>Blocks of 2.3 do not have these.</summary>
    static readonly string[] _modern = ["use_worker", "fields_import_all"];

    public static IReadOnlyList<DoveconfEntry> Build(DovecotConfiguration configuration, char mode) => mode switch
    {
        'd' => [.. DoveconfEntry.Sorted(DovecotConf.Table.All.Select(s => DoveconfEntry.Setting(s.Name, DoveconfValue.Format(s, Default(configuration.Settings, s)))))],
        'n' => NonDefault(configuration),
        _ => All(configuration),
    };

    static string Default(Settings settings, Setting setting) => setting.Compute?.Invoke(settings) ?? setting.Default;

    static IReadOnlyList<DoveconfEntry> NonDefault(DovecotConfiguration configuration)
    {
        var settings = configuration.Settings;
        var flat = settings.Explicit.Keys.Select(DovecotConf.Table.Find).OfType<Setting>()
            .Select(s => (Setting: s, Value: DoveconfValue.Format(s, settings.Explicit[s.Name])))
            .Where(s => s.Value != DoveconfValue.Format(s.Setting, s.Setting.Default)).Select(s => DoveconfEntry.Setting(s.Setting.Name, s.Value));
        return WithSections(configuration, [.. flat, .. Databases(configuration, isFull: false), .. Sections(configuration, ["service"])]);
    }

    static IReadOnlyList<DoveconfEntry> All(DovecotConfiguration configuration)
    {
        var flat = DovecotConf.Table.All.Select(s => DoveconfEntry.Setting(s.Name, DoveconfValue.Format(s, configuration.Settings.Text(s))));
        return WithSections(configuration, [.. flat, .. Databases(configuration, isFull: true), .. configuration.Services.Select(Service)]);
    }

    /// <summary>The rest of the file as it is written: what 2.4 has for databases, namespaces, and the filters.</summary>
    static IReadOnlyList<DoveconfEntry> WithSections(DovecotConfiguration configuration, IEnumerable<DoveconfEntry> entries)
    {
        var written = Merged(configuration.Root.Children.OfType<DovecotSection>().Where(s => s.Name is not ("passdb" or "userdb" or "service" or "protocols") && !IsList(s)));
        var others = configuration.Root.Assignments.GroupBy(a => a.Name).Select(g => g.Last()).Where(a => DovecotDatabaseConf.IsModern(a.Name) && DovecotConf.Table.Find(a.Name) is null).Select(Assignment);
        return [.. DoveconfEntry.Sorted([.. entries, .. others, .. written.Where(s => !_filters.Contains(s.Name)).Select(Written)]), .. written.Where(s => _filters.Contains(s.Name)).Select(Written)];
    }

    static bool IsList(DovecotSection section) => section.Argument.Length == 0 && DovecotConf.Table.Find(section.Name) is { Type: SettingType.List };

    static IEnumerable<DoveconfEntry> Sections(DovecotConfiguration configuration, string[] names) =>
        Merged(configuration.Root.Children.OfType<DovecotSection>().Where(s => names.Contains(s.Name))).Select(Written);

    static IEnumerable<DoveconfEntry> Databases(DovecotConfiguration configuration, bool isFull)
    {
        foreach (var section in Merged(configuration.Root.Children.OfType<DovecotSection>().Where(s => s.Name is "passdb" or "userdb")))
        {
            var table = DovecotDatabaseConf.OfBlock(section.Name);
            var written = Written(section);
            var entries = written.Children.Where(e => isFull || e.Value is null || table.Find(e.Name) is not { } setting || e.Value != DoveconfValue.Format(setting, setting.Default));
            if (isFull)
                entries = entries.Concat(table.All.Where(s => section.Value(s.Name) is null && !_modern.Contains(s.Name) && !(s.Name == "driver" && section.Argument.Length > 0)).Select(s => DoveconfEntry.Setting(s.Name, DoveconfValue.Format(s, s.Default))));
            yield return DoveconfEntry.Section(section.Name, section.Argument, entries);
        }
    }

    static DoveconfEntry Service(DovecotService service) => DoveconfEntry.Section("service", service.Name,
    [
        DoveconfEntry.Setting("client_limit", $"{service.ClientLimit}"), DoveconfEntry.Setting("process_limit", $"{service.ProcessLimit}"),
        .. service.UnixListeners.Select(l => DoveconfEntry.Section("unix_listener", l.Path,
            [DoveconfEntry.Setting("group", l.Group), DoveconfEntry.Setting("mode", $"0{Convert.ToString(l.Mode, 8)}"), DoveconfEntry.Setting("user", l.User)])),
        .. service.InetListeners.Select(l => DoveconfEntry.Section("inet_listener", l.Name,
            [DoveconfEntry.Setting("address", string.Join(' ', l.Addresses)), DoveconfEntry.Setting("port", $"{l.Port}"), DoveconfEntry.Setting("ssl", l.IsTls ? "yes" : "no")])),
    ]);

    /// <summary>Sections of one kind and name are one.</summary>
    static List<DovecotSection> Merged(IEnumerable<DovecotSection> sections)
    {
        var merged = new List<DovecotSection>();
        foreach (var section in sections)
        {
            var before = section.Argument.Length == 0 && section.Name is "passdb" or "userdb" ? -1 : merged.FindIndex(m => m.Name == section.Name && m.Argument == section.Argument);
            if (before < 0)
                merged.Add(section);
            else
                merged[before] = merged[before] with { Children = [.. merged[before].Children, .. section.Children] };
        }
        return merged;
    }

    static DoveconfEntry Written(DovecotSection section) => DoveconfEntry.Section(section.Name, section.Argument,
        section.Assignments.GroupBy(a => a.Name).Select(g => Assignment(g.Last())).Concat(Merged(section.Children.OfType<DovecotSection>()).Select(Written)));

    static DoveconfEntry Assignment(DovecotAssignment assignment)
    {
        var setting = DovecotConf.Table.Find(assignment.Name) ?? DovecotDatabaseConf.Find(assignment.Name);
        var value = DoveconfValue.Format(setting ?? new(assignment.Name, SettingType.Text, "", ""), assignment.Value);
        return DoveconfEntry.Setting(assignment.Name, assignment.IsFile && value != DoveconfValue.Hidden ? $"<{value}" : value);
    }
}

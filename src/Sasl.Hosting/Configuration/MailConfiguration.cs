namespace Sasl.Hosting.Configuration;

/// <summary>
/// The whole configuration: main.cf, master.cf, dovecot.conf with what it includes, and sasl2/*.conf. It is read completely whatever is
/// wrong with it, so that every problem is reported at once; a start with an error among them is refused.
/// </summary>
public sealed record MailConfiguration
{
    public required string Directory { get; init; }

    /// <summary>main.cf; the settings of one SMTP service are <see cref="MasterService.SettingsFor"/>.</summary>
    public required Settings Main { get; init; }

    /// <summary>The inet smtpd services of master.cf.</summary>
    public required IReadOnlyList<MasterService> Services { get; init; }

    public required DovecotConfiguration Dovecot { get; init; }

    /// <summary>sasl2/NAME.conf by NAME.</summary>
    public required IReadOnlyDictionary<string, Sasl2File> Sasl2 { get; init; }

    /// <summary>The auth server for each application name (smtpd_sasl_path) that a service with smtpd_sasl_type = cyrus uses.</summary>
    public IReadOnlyDictionary<string, Sasl2FilePlan> CyrusPlans { get; private init; } = new Dictionary<string, Sasl2FilePlan>();

    /// <summary>Reads everything beneath a directory (see <see cref="ConfigurationPlaces"/>).</summary>
    public static (MailConfiguration Configuration, IReadOnlyList<Problem> Problems) Load(string directory, SystemInfo system)
    {
        var problems = new List<Problem>();
        var places = ConfigurationPlaces.Find(directory);
        if (places is { MainCf: null, DovecotConf: null })
            problems.Add(new(places.Directory, 0, "neither main.cf nor dovecot.conf is here, nor in postfix/ and dovecot/"));

        var sasl2 = Sasl2Files(places, problems);
        var dovecot = places.DovecotConf is { } dovecotConf
            ? DovecotCheck.Run(DovecotFile.Load(dovecotConf, problems), problems)
            : new DovecotConfiguration(new("", "", [], "dovecot.conf", 0), DovecotConf.Create(new Dictionary<string, string> { ["protocols"] = "" }), []);
        var services = MasterServices(places, problems);
        var (main, entries) = MainSettings(places, system, problems);
        var mainFile = places.MainCf ?? "main.cf";
        MainCfCheck.Run(mainFile, entries, main, services, problems);
        var configuration = new MailConfiguration { Directory = places.Directory, Main = main, Services = services, Dovecot = dovecot, Sasl2 = sasl2 };
        SmtpdTlsCheck.Run(configuration, mainFile, entries, problems);
        SmtpdSaslCheck.Run(configuration, mainFile, entries, places.DovecotConf is not null, problems);
        configuration = configuration with { CyrusPlans = SmtpdSaslCheck.Plans(configuration, mainFile, entries, problems) };
        return (configuration, [.. problems.OrderBy(p => p.IsWarning).ThenBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line)]);
    }

    static (Settings Settings, IReadOnlyList<PostfixEntry> Entries) MainSettings(ConfigurationPlaces places, SystemInfo system, List<Problem> problems)
    {
        IReadOnlyList<PostfixEntry> entries =
            places.MainCf is { } file && PostfixFile.Read(file, problems) is { } text ? PostfixFile.Parse(file, text, problems) : [];
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (places.MainCf is not null)
            values["config_directory"] = Path.GetDirectoryName(places.MainCf)!;
        foreach (var entry in entries)
            values[entry.Name] = entry.Value;
        if (values.ContainsKey(MainCf.SmtpdSaslApplicationName.Name))
            values.TryAdd(MainCf.SmtpdSaslPath.Name, "$smtpd_sasl_application_name");
        return (MainCf.Create(values, system), entries);
    }

    static IReadOnlyList<MasterService> MasterServices(ConfigurationPlaces places, List<Problem> problems) =>
        places.MasterCf is null ? (places.MainCf is null ? [] : [MasterService.Default])
        : PostfixFile.Read(places.MasterCf, problems) is { } text ? MasterFile.Parse(places.MasterCf, text, problems)
        : [];

    static Dictionary<string, Sasl2File> Sasl2Files(ConfigurationPlaces places, List<Problem> problems)
    {
        var files = new Dictionary<string, Sasl2File>(StringComparer.Ordinal);
        foreach (var path in places.Sasl2)
        {
            if (PostfixFile.Read(path, problems) is { } text)
                files[Path.GetFileNameWithoutExtension(path)] = Sasl2File.Parse(path, text, problems);
        }
        return files;
    }
}

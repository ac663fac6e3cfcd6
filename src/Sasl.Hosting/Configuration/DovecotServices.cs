namespace Sasl.Hosting.Configuration;

/// <summary>The service sections over the listeners that a service has without any section.</summary>
static class DovecotServices
{
    static readonly (string Service, string Name, int Port, bool IsTls)[] _inet =
    [
        ("imap-login", "imap", 143, false), ("imap-login", "imaps", 993, true), ("pop3-login", "pop3", 110, false), ("pop3-login", "pop3s", 995, true),
    ];

    static readonly (string Service, string Name, uint Mode)[] _unix =
        [("auth", "auth-client", 0x180), ("auth", "auth-master", 0x180), ("auth", "auth-userdb", 0x1B6), ("lmtp", "lmtp", 0x1B6)];

    public static IReadOnlyList<DovecotService> Read(DovecotSection root, Settings settings)
    {
        var sections = root.Sections("service").GroupBy(s => s.Argument).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var names = _inet.Select(l => l.Service).Concat(_unix.Select(l => l.Service)).Concat(sections.Keys).Distinct();
        return [.. names.Select(name => Service(name, sections.GetValueOrDefault(name) ?? [], settings))];
    }

    static DovecotService Service(string name, List<DovecotSection> sections, Settings settings)
    {
        var baseDirectory = settings.Text(DovecotConf.BaseDir);
        var unix = new Dictionary<string, DovecotUnixListener>(StringComparer.Ordinal);
        var inet = new Dictionary<string, DovecotInetListener>(StringComparer.Ordinal);
        foreach (var (_, listener, mode) in _unix.Where(l => l.Service == name))
            unix[listener] = new(Path.Combine(baseDirectory, listener), mode, "", "", "", 0);
        foreach (var (_, listener, port, isTls) in _inet.Where(l => l.Service == name))
            inet[listener] = new(listener, settings.List(DovecotConf.Listen), port, isTls, "", 0);
        foreach (var section in sections.SelectMany(s => s.Children).OfType<DovecotSection>())
        {
            if (section.Name == "unix_listener")
                unix[section.Argument] = Unix(section, unix.GetValueOrDefault(section.Argument), baseDirectory);
            else if (section.Name == "inet_listener")
                inet[section.Argument] = Inet(section, inet.GetValueOrDefault(section.Argument), settings);
        }
        // A listener with mode or port 0 is switched off; TLS ports are not opened where TLS is.
        var isTlsOff = settings.Text(DovecotConf.Ssl).Equals("no", StringComparison.OrdinalIgnoreCase);
        return new(name,
            [.. unix.Values.Where(l => l.Mode != 0)],
            [.. inet.Values.Where(l => l.Port != 0 && !(l.IsTls && isTlsOff))],
            Limit(sections, "client_limit"), Limit(sections, "process_limit"));
    }

    static DovecotUnixListener Unix(DovecotSection section, DovecotUnixListener? before, string baseDirectory) => new(
        Path.Combine(baseDirectory, section.Argument),
        section.Value("mode") is { } mode ? DovecotConfiguration.Mode(mode) ?? 0 : before?.Mode ?? 0x180,
        section.Value("user") ?? before?.User ?? "",
        section.Value("group") ?? before?.Group ?? "",
        section.File, section.Line) { Type = section.Value("type") ?? before?.Type ?? "" };

    static DovecotInetListener Inet(DovecotSection section, DovecotInetListener? before, Settings settings) => new(
        section.Argument,
        (section.Value("address") ?? section.Value("listen")) is { } addresses ? SettingValue.SplitList(addresses) : before?.Addresses ?? settings.List(DovecotConf.Listen),
        section.Value("port") is { } port ? DovecotConfiguration.Number(port) : before?.Port ?? 0,
        section.Value("ssl") is { } ssl ? ssl.Equals("yes", StringComparison.OrdinalIgnoreCase) : before?.IsTls ?? false,
        section.File, section.Line);

    static int Limit(List<DovecotSection> sections, string name) =>
        DovecotConfiguration.Number(sections.Select(s => s.Value(name)).LastOrDefault(v => v is not null));
}

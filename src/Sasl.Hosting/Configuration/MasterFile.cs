using System.Globalization;

namespace Sasl.Hosting.Configuration;

/// <summary>An inet smtpd service of master.cf.</summary>
/// <param name="Name">As it stands in the file: "smtp", "submission", "127.0.0.1:10025".</param>
/// <param name="Host">The address in front of the port, or null: inet_interfaces decides.</param>
/// <param name="Overrides">The -o options, raw, in their order.</param>
public sealed record MasterService(
    string Name, string? Host, int Port, int ProcessLimit, IReadOnlyList<KeyValuePair<string, string>> Overrides, string File, int Line)
{
    /// <summary>This service's values: main.cf with the -o options on top.</summary>
    public Settings SettingsFor(Settings main) => main.With(Overrides);

    /// <summary>TLS from the first byte.</summary>
    public bool IsWrapper(Settings main) => SettingsFor(main).Boolean(MainCf.SmtpdTlsWrappermode);

    /// <summary>The service when there is no master.cf: SMTP on port 25.</summary>
    public static MasterService Default { get; } = new("smtp", null, 25, 0, [], "master.cf", 0);
}

/// <summary>
/// The grammar of master.cf: eight columns — service, type, private, unprivileged, chroot, wakeup, process limit, command — and the
/// command's arguments. Only inet services that run smtpd are ours; the others belong to parts that this program does in its own way.
/// </summary>
public static class MasterFile
{
    static readonly string[] _types = ["inet", "unix", "unix-dgram", "fifo", "pass"];

    static readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal)
    {
        ["smtp"] = 25, ["submission"] = 587, ["submissions"] = 465, ["smtps"] = 465, ["lmtp"] = 24, ["qmqp"] = 628,
    };

    /// <summary>A port by number or name, or null.</summary>
    public static int? Port(string text) =>
        _ports.TryGetValue(text, out var port) ? port
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536 ? port : null;

    public static IReadOnlyList<MasterService> Parse(string file, string text, List<Problem> problems)
    {
        var services = new List<MasterService>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in PostfixFile.LogicalLines(file, text, problems))
        {
            var fields = Fields(line.Text);
            if (fields.Count < 8)
            {
                problems.Add(new(file, line.Line, $"bad master.cf entry: {fields.Count} of 8 fields (service type private unpriv chroot wakeup maxproc command)"));
                continue;
            }
            if (!seen.Add($"{fields[0]}/{fields[1]}"))
                problems.Add(new(file, line.Line, $"duplicate master.cf entry for service \"{fields[0]}\" ({fields[1]})", IsWarning: true));
            if (Check(file, line.Line, fields, problems) is { } service)
                services.Add(service);
        }
        return services;
    }

    static MasterService? Check(string file, int line, List<string> fields, List<Problem> problems)
    {
        var before = problems.Count;
        if (!_types.Contains(fields[1]))
            problems.Add(new(file, line, $"bad transport type: {fields[1]}", NearMiss.Find(fields[1], _types)));
        foreach (var (column, name) in new[] { (2, "private"), (3, "unprivileged"), (4, "chroot") })
        {
            if (fields[column] is not ("y" or "n" or "-"))
                problems.Add(new(file, line, $"field \"{name}\": bad value: \"{fields[column]}\" (y, n or -)"));
        }
        if (fields[5] != "-" && !IsNumber(fields[5].TrimEnd('?')))
            problems.Add(new(file, line, $"field \"wake_up\": bad value: \"{fields[5]}\""));
        if (fields[6] != "-" && !IsNumber(fields[6]))
            problems.Add(new(file, line, $"field \"max_proc\": bad value: \"{fields[6]}\""));
        if (fields[1] != "inet" || problems.Count > before)
            return null;
        if (fields[7] != "smtpd")
        {
            problems.Add(new(file, line, $"service \"{fields[0]}\": {fields[7]} is not implemented in this version; the service is not started", IsWarning: true));
            return null;
        }
        return Smtpd(file, line, fields, problems);
    }

    static MasterService? Smtpd(string file, int line, List<string> fields, List<Problem> problems)
    {
        var colon = fields[0].LastIndexOf(':');
        var host = colon < 0 ? null : fields[0][..colon].Trim('[', ']');
        var portName = fields[0][(colon + 1)..];
        var overrides = Arguments(file, line, fields, problems);
        if (Port(portName) is { } port)
            return new(fields[0], host is "" or "*" ? null : host, port, IsNumber(fields[6]) ? int.Parse(fields[6]) : 0, overrides, file, line);
        problems.Add(new(file, line, $"unknown service name or port: {portName}", NearMiss.Find(portName, _ports.Keys)));
        return null;
    }

    /// <summary>-o name=value, -oname=value, -o { name = value }; -v and -D are about debugging and do nothing here.</summary>
    static List<KeyValuePair<string, string>> Arguments(string file, int line, List<string> fields, List<Problem> problems)
    {
        var overrides = new List<KeyValuePair<string, string>>();
        for (var i = 8; i < fields.Count; i++)
        {
            if (fields[i] is "-v" or "-D")
                continue;
            if (!fields[i].StartsWith("-o"))
            {
                problems.Add(new(file, line, $"service \"{fields[0]}\": unknown argument \"{fields[i]}\""));
                continue;
            }
            var text = fields[i].Length > 2 ? fields[i][2..] : ++i < fields.Count ? fields[i] : "";
            if (text.StartsWith('{') && text.EndsWith('}'))
                text = text[1..^1];
            if (PostfixFile.TrySplit(text, out var name, out var value, out var error))
                overrides.Add(new(name, value));
            else
                problems.Add(new(file, line, $"service \"{fields[0]}\": -o: {error}"));
        }
        return overrides;
    }

    /// <summary>Words between blanks; braces keep a word with blanks together.</summary>
    static List<string> Fields(string text)
    {
        var fields = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            if (PostfixFile.Blanks.Contains(text[i]))
            {
                i++;
                continue;
            }
            var start = i;
            var depth = 0;
            for (; i < text.Length && (depth > 0 || !PostfixFile.Blanks.Contains(text[i])); i++)
                depth += text[i] == '{' ? 1 : text[i] == '}' && depth > 0 ? -1 : 0;
            fields.Add(text[start..i]);
        }
        return fields;
    }

    static bool IsNumber(string text) => text.Length is > 0 and < 8 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
}

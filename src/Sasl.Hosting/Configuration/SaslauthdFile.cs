namespace Sasl.Hosting.Configuration;

/// <summary>
/// The grammar of saslauthd.conf: "key: value" lines, '#' comments, keys in any case, of duplicates the first counts. Cyrus ignores unknown keys
/// and words, keeps trailing blanks in values and drops the whole file for one bad line, all silently; here each mistake is a problem with its line.
/// </summary>
public static class SaslauthdFile
{
    const int LongestLine = 64 * 1024;

    public static Settings Parse(string file, string text, List<Problem> problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var physical in text.Split('\n'))
        {
            number++;
            var line = physical.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (Split(file, number, line, problems) is not { } entry)
                continue;
            var (setting, value) = entry;
            if (values.TryGetValue(setting.Name, out var first))
                problems.Add(new(file, number, $"{setting.Name} is set already; the first one counts", IsWarning: first == value));
            else if (Complaint(setting, value) is { } complaint)
                problems.Add(new(file, number, complaint.Message, complaint.Suggestion));
            else
                values[setting.Name] = value;
        }
        return SaslauthdConf.Create(values);
    }

    static (Setting Setting, string Value)? Split(string file, int number, string line, List<Problem> problems)
    {
        var colon = line.IndexOf(':');
        if (line.Length > LongestLine || line.Contains('\0'))
            problems.Add(new(file, number, line.Length > LongestLine ? $"line longer than {LongestLine} bytes" : "line with a NUL"));
        else if (colon <= 0)
            problems.Add(new(file, number, $"no ':' in \"{Short(line)}\" (key: value)", line.Contains('=') ? Short(line).Replace("=", ":") : null));
        else
        {
            var (key, value) = (line[..colon].TrimEnd().ToLowerInvariant(), line[(colon + 1)..].Trim());
            if (Find(key) is not { } setting)
                problems.Add(new(file, number, $"unknown key {Short(key)}", SaslauthdConf.Table.Suggest(key)));
            else if (value.Length == 0)
                problems.Add(new(file, number, $"{key} does not have a value"));
            else
                return (setting, setting.Type == SettingType.Boolean ? YesNo(value) : value);
        }
        return null;
    }

    static Setting? Find(string key) => SaslauthdConf.Table.Find(key) ?? SaslauthdConf.Table.All.FirstOrDefault(s => s.Aliases.Contains(key));

    static (string Message, string? Suggestion)? Complaint(Setting setting, string value) =>
        setting.IsUnsupported ? ($"{setting.Name}: not implemented in this version", null)
        : SettingCheck.Dovecot(setting, value) is { } complaint ? complaint
        : setting.Check?.Invoke(value) is { } message ? ($"{setting.Name}: {message}", null)
        : null;

    /// <summary>Cyrus looks at the beginning only: 1, y…, t…, on are yes. What it takes for no by accident ("enabled") is a mistake here.</summary>
    static string YesNo(string value) => value.ToLowerInvariant() switch
    {
        "1" or "on" or "y" or "yes" or "t" or "true" => "yes",
        "0" or "off" or "n" or "no" or "f" or "false" => "no",
        _ => value,
    };

    static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

using System.Globalization;
using System.Text;

namespace Sasl.Hosting.Configuration;

/// <summary>
/// The effective values of one file: what the administrator set, else the table's default, expanded. Values were checked when the
/// file was read, so the typed readers here do not fail on a configuration that was accepted.
/// </summary>
/// <param name="expand">Turns a raw value into its final text ($name in main.cf, %u stays); identity where a grammar has no expansion.</param>
public sealed class Settings(SettingTable table, IReadOnlyDictionary<string, string> explicitValues, Func<Settings, string, string>? expand = null)
{
    public SettingTable Table => table;

    /// <summary>What the administrator set, raw, by name. Names that the table does not have may occur (main.cf allows them for $name).</summary>
    public IReadOnlyDictionary<string, string> Explicit => explicitValues;

    /// <summary>The raw value of a name: set, default, or null when nobody knows it.</summary>
    public string? Raw(string name)
    {
        if (explicitValues.TryGetValue(name, out var value))
            return value;
        var setting = table.Find(name);
        return setting?.Compute is { } compute ? compute(this) : setting?.Default;
    }

    public string Text(Setting setting)
    {
        var raw = Raw(setting.Name) ?? setting.Default;
        return expand is null || setting.IsRaw ? raw : expand(this, raw);
    }

    public bool Boolean(Setting setting) => string.Equals(Text(setting), "yes", StringComparison.OrdinalIgnoreCase);

    public int Integer(Setting setting) => (int)long.Clamp(Number(Text(setting)), setting.Minimum, Math.Min(setting.Maximum, int.MaxValue));

    public long Size(Setting setting) => SettingValue.TryParseSize(Text(setting), out var size) ? size : Number(Text(setting));

    public TimeSpan Time(Setting setting) => SettingValue.TryParseTime(Text(setting), setting.Unit, out var time) ? time : TimeSpan.Zero;

    public IReadOnlyList<string> List(Setting setting) => SettingValue.SplitList(Text(setting));

    /// <summary>The same with some values replaced (master.cf -o, a protocol block).</summary>
    public Settings With(IEnumerable<KeyValuePair<string, string>> overrides)
    {
        var merged = new Dictionary<string, string>(explicitValues, StringComparer.Ordinal);
        foreach (var (name, value) in overrides)
            merged[name] = value;
        return new Settings(table, merged, expand);
    }

    /// <summary>The explicit values as text for a child process; <see cref="Deserialize"/> reads it back.</summary>
    public string Serialize()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in explicitValues)
            text.Append(name).Append('=').Append(value.Replace("\\", "\\\\").Replace("\n", "\\n")).Append('\n');
        return text.ToString();
    }

    public static Settings Deserialize(SettingTable table, string text, Func<Settings, string, string>? expand = null)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = line.IndexOf('=');
            values[line[..equals]] = Unescape(line[(equals + 1)..]);
        }
        return new Settings(table, values, expand);
    }

    static string Unescape(string value)
    {
        if (!value.Contains('\\'))
            return value;
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
            text.Append(value[i] != '\\' ? value[i] : value[++i] == 'n' ? '\n' : '\\');
        return text.ToString();
    }

    static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
}

using System.Globalization;
using Sasl.Hosting.Configuration;

namespace MailControl.Doveconf;

/// <summary>A value as doveconf writes it: "2 mins", "64 k", quotes where a reader of the line would lose something.</summary>
static class DoveconfValue
{
    public const string Hidden = "# hidden";

    static readonly (long Seconds, string Name)[] _times = [(604800, "weeks"), (86400, "days"), (3600, "hours"), (60, "mins"), (1, "secs")];

    static readonly string[] _sizes = ["B", "k", "M", "G", "T"];

    /// <param name="setting">Null for one that no table has.</param>
    public static string Format(Setting? setting, string value)
    {
        if (setting is not null && value.Length > 0 && (setting.IsSecret ? DovecotDriverFile.IsSecret(setting, value) : setting.Name.EndsWith("password", StringComparison.Ordinal)))
            return Hidden;
        return setting?.Type switch
        {
            SettingType.Boolean => value.ToLowerInvariant(),
            SettingType.Time when SettingValue.TryParseTime(value, setting.Unit, out var time) => Time((long)time.TotalSeconds),
            SettingType.Size when SettingValue.TryParseSize(value, out var size) => Size(size),
            _ => WithoutPasswords(value),
        };
    }

    /// <summary>The value's half of a line.</summary>
    public static string Quoted(string value) =>
        value != Hidden && value.Length > 0 && (value.Contains('#') || char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]))
            ? $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"" : value;

    static string Time(long seconds)
    {
        if (seconds == 0)
            return "0";
        var (unit, name) = _times.First(t => seconds % t.Seconds == 0);
        return $"{(seconds / unit).ToString(CultureInfo.InvariantCulture)} {name}";
    }

    static string Size(long bytes)
    {
        var unit = 0;
        while (bytes > 0 && bytes % 1024 == 0 && unit < _sizes.Length - 1)
            (bytes, unit) = (bytes >> 10, unit + 1);
        return bytes == 0 ? "0" : $"{bytes.ToString(CultureInfo.InvariantCulture)} {_sizes[unit]}";
    }

    /// <summary>"password=x" among the args of a static database.</summary>
    static string WithoutPasswords(string value) => !value.Contains("password=", StringComparison.Ordinal) ? value
        : string.Join(' ', DovecotWordList.Split(value).Select(w => w.StartsWith("password=", StringComparison.Ordinal) ? "password=…" : w));
}

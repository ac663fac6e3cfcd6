using System.Globalization;

namespace Sasl.Hosting.Configuration;

/// <summary>Says what is wrong with a setting's final value, in the words of the file's own program; null when nothing is.</summary>
public static class SettingCheck
{
    /// <summary>main.cf: whole numbers without units, times with one lower-case unit.</summary>
    public static (string Message, string? Suggestion)? MainCf(Setting setting, string value)
    {
        switch (setting.Type)
        {
            case SettingType.Boolean when !IsWord(value, "yes", "no"):
                return ($"bad boolean configuration: {setting.Name} = {value}", YesOrNo(value));
            case SettingType.Integer or SettingType.Size when !TryInteger(value, out _):
                var bytes = setting.Type == SettingType.Size && SettingValue.TryParseSize(value, out var size) ? Decimal(size) : null;
                return ($"bad numerical configuration: {setting.Name} = {value}", bytes);
            case SettingType.Integer or SettingType.Size:
                TryInteger(value, out var number);
                return Range(setting, number);
            case SettingType.Time when !IsTime(value):
                var lower = value.Replace(" ", "").ToLowerInvariant();
                return ($"parameter {setting.Name}: bad time value or unit: {value}", IsTime(lower) ? lower : null);
            case SettingType.Time:
                return SettingValue.TryParseTime(value, setting.Unit, out var time) ? Range(setting, (long)time.TotalSeconds)
                    : ($"parameter {setting.Name}: bad time value or unit: {value}", null);
            default:
                return Choice(setting, value);
        }
    }

    /// <summary>dovecot.conf: sizes and times with spelled-out units.</summary>
    public static (string Message, string? Suggestion)? Dovecot(Setting setting, string value)
    {
        switch (setting.Type)
        {
            case SettingType.Boolean when !IsWord(value, "yes", "no"):
                return ($"Error in setting {setting.Name}: Invalid boolean value: {value} (use yes or no)", YesOrNo(value));
            case SettingType.Integer when !TryInteger(value, out _):
                return ($"Error in setting {setting.Name}: Invalid number {value}", null);
            case SettingType.Integer:
                TryInteger(value, out var number);
                return Range(setting, number);
            case SettingType.Size when !SettingValue.TryParseSize(value, out _):
                return ($"Error in setting {setting.Name}: Invalid size: {value}", null);
            case SettingType.Time when !SettingValue.TryParseTime(value, setting.Unit, out _):
                return ($"Error in setting {setting.Name}: Invalid time interval: {value}", null);
            case SettingType.Time:
                SettingValue.TryParseTime(value, setting.Unit, out var time);
                return Range(setting, (long)time.TotalSeconds);
            default:
                return Choice(setting, value);
        }
    }

    static (string, string?)? Range(Setting setting, long value) =>
        value < setting.Minimum ? ($"invalid {setting.Name} parameter value {value} < {setting.Minimum}", Decimal(setting.Minimum))
        : value > setting.Maximum ? ($"invalid {setting.Name} parameter value {value} > {setting.Maximum}", Decimal(setting.Maximum))
        : null;

    static (string, string?)? Choice(Setting setting, string value) =>
        setting.Type != SettingType.Text || setting.Choices.Count == 0 || setting.Choices.Contains(value, StringComparer.OrdinalIgnoreCase) ? null
        : ($"bad value: {setting.Name} = {value} (one of: {string.Join(", ", setting.Choices.Where(c => c.Length > 0))})",
            NearMiss.Find(value, setting.Choices));

    static bool IsWord(string value, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (string.Equals(value, word, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    static string? YesOrNo(string value) =>
        IsWord(value, "true", "on", "1", "y", "enable", "enabled") ? "yes"
        : IsWord(value, "false", "off", "0", "n", "disable", "disabled", "none") ? "no"
        : NearMiss.Find(value, ["yes", "no"]);

    static bool TryInteger(string value, out long number) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    static bool IsTime(string value) =>
        value.Length > 0 && TryInteger(value[^1] is 's' or 'm' or 'h' or 'd' or 'w' ? value[..^1] : value, out _);

    static string Decimal(long number) => number.ToString(CultureInfo.InvariantCulture);
}

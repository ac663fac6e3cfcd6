using System.Text;

namespace Sasl.Hosting.Configuration;

/// <summary>
/// The file that the args of an sql, ldap or oauth2 block name: "key = value" lines, '#' comments, '\' at the end of a line that goes on, quotes around a
/// whole value, of duplicates the last counts. It includes nothing and has no sections.
/// </summary>
public static class DovecotDriverFile
{
    const uint OthersMayRead = 4;

    /// <summary>Reads and checks a file; a secret in it that everybody can read is a problem too.</summary>
    public static IReadOnlyDictionary<string, string> Load(string file, SettingTable table, List<Problem> problems)
    {
        if (PostfixFile.Read(file, problems) is not { } text)
            return new Dictionary<string, string>();
        var values = Parse(file, text, table, problems);
        if (values.FirstOrDefault(v => IsSecret(table.Find(v.Key)!, v.Value)) is { Key: { } secret } && IsOpen(file))
            problems.Add(new(file, 0, $"everybody can read {secret} in it: chmod 600 {file}", IsWarning: true));
        return values;
    }

    public static IReadOnlyDictionary<string, string> Parse(string file, string text, SettingTable table, List<Problem> problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (number, line) in DovecotLine.Split(text))
        {
            var content = WithoutComment(line.Trim(), () => problems.Add(new(file, number, "'#' begins a comment; quote the value if it belongs to it", IsWarning: true)));
            if (content.Length == 0)
                continue;
            var equals = content.IndexOf('=');
            var key = equals < 0 ? content : content[..equals].TrimEnd();
            if (content.Contains('\0'))
                problems.Add(new(file, number, "a NUL byte"));
            else if (content.StartsWith("!include", StringComparison.Ordinal) || content[^1] == '{' || content == "}")
                problems.Add(new(file, number, "neither includes nor sections can stand in this file"));
            // What stands in front of the '=' only: the rest may be a secret.
            else if (equals <= 0 || key.AsSpan().IndexOfAny(' ', '\t') >= 0)
                problems.Add(new(file, number, $"Expecting '=' after \"{Short(key.Split([' ', '\t', ':'])[0])}\""));
            else if (table.Find(key) is not { } setting)
                problems.Add(new(file, number, $"Unknown setting: {Short(key)}", table.Suggest(key)));
            else
                values[key] = Checked(setting, Unquote(content[(equals + 1)..].Trim()), file, number, problems);
        }
        return values;
    }

    /// <summary>The value as it is handed on, yes, no and words in lower case; what is wrong with it is said.</summary>
    internal static string Checked(Setting setting, string value, string file, int line, List<Problem> problems)
    {
        if (SettingCheck.Dovecot(setting, value) is var (message, suggestion))
            problems.Add(new(file, line, setting.IsSecret ? $"{setting.Name}: bad value" : message, suggestion));
        else if (setting.Check?.Invoke(value) is { } complaint)
            problems.Add(new(file, line, $"{setting.Name}: {complaint}"));
        else if (setting.IsUnsupported && !string.Equals(value, setting.Default, StringComparison.OrdinalIgnoreCase))
            problems.Add(new(file, line, $"{setting.Name}: not implemented in this version, ignored", IsWarning: true));
        return setting.Type == SettingType.Boolean || setting.Choices.Count > 0 ? value.ToLowerInvariant() : value;
    }

    /// <summary>Whether the value of a setting is one that nobody else may know.</summary>
    public static bool IsSecret(Setting setting, string value) => setting.IsSecret && setting.Name switch
    {
        "connect" => value.Contains("pass", StringComparison.OrdinalIgnoreCase),
        "introspection_url" => value.Contains('@'),
        _ => value.Length > 0,
    };

    internal static bool IsOpen(string file) => Unix.Files.TargetStatus(file) is { } status && (status.Permissions & OthersMayRead) != 0;

    /// <summary>Unlike in dovecot.conf, a '#' outside of quotes always begins one.</summary>
    static string WithoutComment(string text, Action warn)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '\'' or '"')
            {
                var quote = text[i++];
                while (i < text.Length && text[i] != quote)
                    i += text[i] == '\\' ? 2 : 1;
            }
            else if (text[i] == '#')
            {
                if (i > 0 && text[i - 1] is not (' ' or '\t'))
                    warn();
                return text[..i].TrimEnd();
            }
        }
        return text;
    }

    static string Unquote(string value)
    {
        if (value.Length < 2 || value[0] is not ('"' or '\'') || value[^1] != value[0])
            return value;
        var text = new StringBuilder(value.Length);
        for (var i = 1; i < value.Length - 1; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length - 1)
                i++;
            text.Append(value[i]);
        }
        return text.ToString();
    }

    static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

using System.Text;

namespace Sasl.Hosting.Configuration;

/// <summary>$key at the beginning of a word of a value: what key was set to above ("mail_plugins = $mail_plugins quota"), and $ENV:NAME. %u and the like stay.</summary>
static class DovecotVariables
{
    public static string Expand(string value, Func<string, string?> lookup, Action<string> warn)
    {
        if (!value.Contains('$'))
            return value;
        var result = new StringBuilder();
        for (var i = 0; i < value.Length;)
        {
            var end = i + 1;
            while (value[i] == '$' && (i == 0 || value[i - 1] == ' ') && end < value.Length && (char.IsAsciiLetterOrDigit(value[end]) || value[end] is '_' or ':'))
                end++;
            if (end == i + 1)
            {
                result.Append(value[i++]);
                continue;
            }
            var name = value[(i + 1)..end];
            var found = name.StartsWith("ENV:", StringComparison.Ordinal) ? Environment.GetEnvironmentVariable(name[4..])
                : lookup(name) ?? DovecotConf.Table.Find(name)?.Default;
            if (found is null && !name.StartsWith("ENV:", StringComparison.Ordinal))
            {
                warn($"${name} is not a setting");
                found = value[i..end];
            }
            result.Append(found);
            i = end;
        }
        return result.ToString();
    }
}

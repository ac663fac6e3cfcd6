using System.Text;

namespace Sasl.Hosting.Configuration;

/// <summary>$key (in 2.4 $SET:key) at the beginning of a word of a value: what key was set to above ("mail_plugins = $mail_plugins quota"), and $ENV:NAME. %u and the like stay.</summary>
static class DovecotVariables
{
    const int LongestValue = 64 * 1024;

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
            // "$SET:name" is how 2.4 writes "$name".
            var name = value[(i + 1)..end] is var written && written.StartsWith("SET:", StringComparison.Ordinal) ? written[4..] : written;
            var found = name.StartsWith("ENV:", StringComparison.Ordinal) ? Environment.GetEnvironmentVariable(name[4..])
                : lookup(name) ?? DovecotConf.Table.Find(name)?.Default;
            if (found is null && !name.StartsWith("ENV:", StringComparison.Ordinal))
            {
                warn($"${name} is not a setting");
                found = value[i..end];
            }
            result.Append(found);
            // "a = $a $a" doubles with every line.
            if (result.Length > LongestValue)
            {
                warn($"the value becomes longer than {LongestValue} characters; ${name} is left as it is");
                return value;
            }
            i = end;
        }
        return result.ToString();
    }
}

using System.Text;

namespace Sasl.Hosting.Configuration;

/// <summary>The sql_… options as a passdb sql. Cyrus takes the first column of the first row, whatever it is called.</summary>
static class Sasl2FileSql
{
    public static DovecotDatabase Read(Sasl2File file, string realm, List<Problem> problems)
    {
        var option = file.IsSet("sql_select") || !file.IsSet("sql_statement") ? "sql_select" : "sql_statement";
        var engine = file.Text("sql_engine").ToLowerInvariant() switch { "sqlite" or "sqlite3" => "sqlite", var other => other };
        if (engine == "mysql")
            problems.Add(new(file.Path, file.LineOf("sql_engine"), "sql_engine: mysql is not implemented in this version (pgsql and sqlite3 are)"));
        if (!file.IsSet(option))
            problems.Add(new(file.Path, file.LineOf("auxprop_plugin"), "auxprop_plugin sql needs sql_select"));
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["driver"] = engine,
            ["connect"] = engine == "sqlite" ? file.Text("sql_database") : Connect(file),
            ["default_pass_scheme"] = "PLAIN",
        };
        if (Query(file.Text(option), realm, out var wrong) is { } query)
            settings["password_query"] = $"SELECT password_noscheme FROM (SELECT ({query}) AS password_noscheme) AS answer WHERE password_noscheme IS NOT NULL";
        else
            problems.Add(new(file.Path, file.LineOf(option), $"{option}: {wrong}"));
        return new("sql", "", settings, file.Path, file.LineOf(option));
    }

    static string Connect(Sasl2File file)
    {
        var hosts = file.Words("sql_hostnames").Select(h => h.LastIndexOf(':') is var at and > 0 && h.IndexOf(':') == at ? (Name: h[..at], Port: h[(at + 1)..]) : (Name: h, Port: "")).ToList();
        var words = hosts.Select(h => $"host={Quote(h.Name)}").ToList();
        if (hosts.Exists(h => h.Port.Length > 0))
            words.AddRange(hosts.Select(h => $"port={Quote(h.Port.Length > 0 ? h.Port : "5432")}"));
        foreach (var (word, option) in new[] { ("dbname", "sql_database"), ("user", "sql_user"), ("password", "sql_passwd") })
        {
            if (file.IsSet(option))
                words.Add($"{word}={Quote(file.Text(option))}");
        }
        if (file.Text("sql_usessl") == "yes")
            words.Add("sslmode=require");
        return string.Join(' ', words);
    }

    /// <summary>%u, %r and %p as variables of ours; null when there are others.</summary>
    static string? Query(string select, string realm, out string wrong)
    {
        var text = new StringBuilder();
        wrong = "";
        for (var i = 0; i < select.Length; i++)
        {
            if (select[i] != '%')
            {
                text.Append(select[i]);
                continue;
            }
            switch (i + 1 < select.Length ? select[++i] : '\0')
            {
                case 'u':
                    text.Append("%n");
                    break;
                case 'r':
                    // Cyrus ends a name at the first '@'.
                    text.Append($"%{{domain_first|default({Plain(realm)})}}");
                    break;
                case 'p':
                    text.Append("userPassword");
                    break;
                case '%':
                    text.Append("%%");
                    break;
                default:
                    wrong = $"unknown variable %{select[i]} (%u, %r and %p are known)";
                    return null;
            }
        }
        return text.ToString().TrimEnd(' ', ';');
    }

    /// <summary>A host's or domain's name, and nothing that would end the variable.</summary>
    static string Plain(string realm) => string.Concat(realm.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));

    static string Quote(string value) => DovecotModernArguments.Quote(value);
}

using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>A whole dovecot.conf, of either release, without files of others: any text gives a configuration or problems with the lines of the text.</summary>
static class DovecotConfigurationTarget
{
    public static readonly string[] Seeds =
    [
        "ssl = no\npassdb {\n  driver = static\n  args = password=x nologin\n  deny = yes\n}\nuserdb passwd {\n  fields {\n    home = x %{user | lower}\n  }\n}\n",
        "sql_driver = pgsql\npgsql a {\n  parameters {\n    user = 'x y'\n  }\n}\npassdb sql {\n  query = SELECT 1\n  mechanisms_filter {\n    plain = yes\n  }\n}\n",
        "ldap_uris = ldap:x\npassdb ldap {\n  bind = yes\n  fields {\n    user = %{ldap:uid}\n  }\n}\noauth2 {\n  oauth2_local_validation {\n    dict fs {\n      fs posix {\n        prefix = x\n      }\n    }\n  }\n}\npassdb oauth2 {\n}\n",
        "protocol !smtp {\n  auth_mechanisms = plain\n}\nauth_mechanisms {\n  plain = yes\n}\nauth_policy {\n  x = y\n}\nmail_driver = maildir\nmail_path = %{home}\nservice auth {\n  unix_listener x {\n    mode = 0660\n  }\n}\n",
        "passdb a {\n  driver = sqlite\n}\nfields/x = y\npassdb_fields/a = b\n$x = $SET:y\n}\npassdb {\nfields {\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        // Files are somebody else's business here.
        var text = Bytes.Utf8(input).Replace('/', '_').Replace('*', '_').Replace('?', '_').Replace("!include", "include");
        var problems = new List<Problem>();
        var configuration = DovecotCheck.Run(DovecotFile.Parse("dovecot.conf", text, problems), problems);
        var lines = text.AsSpan().Count('\n') + 1;
        Check.That(problems.TrueForAll(p => p.Line >= 0 && p.Line <= lines), "a line that is not there");
        foreach (var database in configuration.Passdbs.Concat(configuration.Userdbs))
        {
            Check.That(DovecotWordList.Split(database.Args).All(w => w.Length > 0), "an empty word");
            foreach (var (name, value) in database.Settings)
                Check.That(problems.Exists(p => !p.IsWarning) || (name.Length > 0 && value is not null), "a setting without a name");
        }
        _ = configuration.Mechanisms;
        _ = configuration.For("imap").Explicit.Count;
    }
}

using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>dovecot-sql.conf.ext and its kin: any text gives known settings or problems, and no problem repeats a value that is a secret.</summary>
static class DovecotDriverFileTarget
{
    const string Secret = "kohlrabi";

    public static readonly string[] Seeds =
    [
        "driver = pgsql\nconnect = host=x user=y password=kohlrabi\npassword_query = SELECT a \\\n  FROM b WHERE c = '%u'\n", "uris = ldap://x\ndnpass = \"koh\\\"lrabi\" # c\ndn=x\ntls = maybe\n",
        "dnpass kohlrabi\nintrospection_url = https://a:b@c/\n!include x\nx {\n}\n", "default_pass_scheme = a#b\nname = 'x' = 'y'\n\\\n=\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        foreach (var driver in new[] { "sql", "ldap", "oauth2" })
        {
            var (problems, table) = (new List<Problem>(), DovecotDatabaseConf.OfDriver(driver)!);
            var values = DovecotDriverFile.Parse("x.conf.ext", text, table, problems);
            Check.That(values.Keys.All(k => table.Find(k) is not null), "an unknown setting");
            Check.That(values.Values.All(v => v.Length <= text.Length), "a value longer than the text");
            foreach (var (name, value) in values.Where(v => table.Find(v.Key)!.IsSecret && v.Value.Contains(Secret)))
                Check.That(!problems.Exists(p => p.ToString().Contains(value)), $"{name} in a problem");
        }
    }
}

namespace Sasl.Hosting.Configuration;

/// <summary>mail_driver, mail_path and mail_inbox_path of 2.4 as the mail_location that they are.</summary>
static class DovecotModernMail
{
    static readonly string[] _names = ["mail_driver", "mail_path", "mail_inbox_path"];

    static readonly (string Modern, string Letter)[] _variables =
    [
        ("%{home}", "~"), ("%{user | username | lower}", "%Ln"), ("%{user | domain | lower}", "%Ld"), ("%{user | username}", "%n"), ("%{user | domain}", "%d"), ("%{user | lower}", "%Lu"), ("%{user}", "%u"),
    ];

    public static bool Contains(string name) => _names.Contains(name);

    public static void Translate(DovecotSection root, Dictionary<string, string> values, List<Problem> problems)
    {
        var set = root.Assignments.Where(a => Contains(a.Name)).GroupBy(a => a.Name).ToDictionary(g => g.Key, g => g.Last());
        if (set.Count == 0)
            return;
        if (!set.TryGetValue("mail_driver", out var driver))
        {
            var first = set.Values.First();
            problems.Add(new(first.File, first.Line, $"{first.Name} without mail_driver", "mail_driver = maildir"));
            return;
        }
        if (values.ContainsKey("mail_location"))
            problems.Add(new(driver.File, driver.Line, "mail_driver and mail_location say the same: one of them must go"));
        var path = set.TryGetValue("mail_path", out var given) ? Plain(given.Value) : driver.Value == "maildir" ? "~/Maildir" : "~/mail";
        var inbox = set.TryGetValue("mail_inbox_path", out var own) ? Plain(own.Value) : driver.Value == "mbox" ? "/var/mail/%u" : "";
        values["mail_location"] = $"{driver.Value}:{path}{(inbox.Length > 0 ? $":INBOX={inbox}" : "")}";
    }

    static string Plain(string value)
    {
        foreach (var (modern, letter) in _variables)
            value = value.Replace(modern, letter).Replace(modern.Replace(" ", ""), letter);
        return value;
    }
}

using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>dovecot.conf without includes: any text gives a tree; the values are no longer than the text lets them be, however they refer to each other.</summary>
static class DovecotFileTarget
{
    public static readonly string[] Seeds =
    [
        "protocols = imap pop3\nservice auth {\n  unix_listener auth-client {\n    mode = 0660\n  }\n}\nssl_cert = </etc/x.pem\n", "a = b\na = $a $a\na = $a $a\nmail_location = maildir:~/Maildir\n",
        "passdb {\n  driver = pam\n}\n# c\nname = \"quo\\\"ted\" # comment\nlong = a \\\n  b\n", "}\nx {\n!include_try\n!includex y\nservice a {",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        // Files are somebody else's business here.
        if (text.Contains("!include", StringComparison.Ordinal) && text.Contains('/') || text.Contains('*') || text.Contains('?'))
            return;
        var problems = new List<Problem>();
        var tree = DovecotFile.Parse("/nonexistent/dovecot.conf", text, problems);
        Check.That(Longest(tree) <= 64 * 1024 + text.Length, "values grow without bound");
    }

    static int Longest(DovecotSection section) => section.Assignments.Select(a => a.Value.Length).Concat(section.Children.OfType<DovecotSection>().Select(Longest)).DefaultIfEmpty().Max();
}

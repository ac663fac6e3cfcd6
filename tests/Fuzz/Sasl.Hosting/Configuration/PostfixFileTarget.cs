using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>main.cf: any text gives entries or problems with the line they stand on; written down again the entries are the same.</summary>
static class PostfixFileTarget
{
    public static readonly string[] Seeds =
    [
        "# comment\nmyhostname = mail.example.com\nmydestination = $myhostname,\n  localhost\n\n  # still\n  localhost.$mydomain\n", "a=b\r\na = c\nx\n = y\n\0z = 1\n", "  leading\na = ${b?{c}:{d}}\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        var problems = new List<Problem>();
        var entries = PostfixFile.Parse("main.cf", text, problems);
        var lines = text.Count(c => c == '\n') + 1;
        Check.That(entries.All(e => e.Line >= 1 && e.Line <= lines && e.EndLine > e.Line && e.EndLine <= lines + 1), "an entry stands outside the file");
        Check.That(problems.All(p => p.Line >= 0 && p.Line <= lines), "a problem stands outside the file");
        var again = PostfixFile.Parse("main.cf", string.Concat(entries.Select(e => $"{e.Name} = {e.Value}\n")), []);
        Check.SameItems(entries.Where(e => !e.Name.StartsWith('#')).Select(e => (e.Name, e.Value)), again.Select(e => (e.Name, e.Value)), "entries written again");
    }
}

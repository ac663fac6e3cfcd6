using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>Dumps of a Cyrus sasldb2, and what is made of them: every record is taken, or a problem says why not; no problem tells a secret.</summary>
static class Sasldb2DumpTarget
{
    public static readonly string[] Seeds =
    [
        "VERSION=3\nformat=print\ntype=hash\nHEADER=END\n alice\\00x.org\\00userPassword\n p\\c3\\a4\\\\s\n a\\00\\00cmusaslsecretOTP\n md5\\090499\\09ke1234\\095bf075d9959d036f\\0900000000000000000000\nDATA=END\n",
        "format=bytevalue\nHEADER=END\n 616c696365006578616d706c652e6f7267007573657250617373776f7264\n 67656865696d\nDATA=END\nformat=print\nHEADER=END\n a\\00b\\00authPassword\n SCRAM-SHA-1$4096:c2FsdA==$fHJEWSSIT/5VF5GZYq38qZAOkAE=:fHJEWSSIT/5VF5GZYq38qZAOkAE=\nDATA=END\n",
        "HEADER=END\n a\nDATA=END\n b\n", "format=print\nHEADER=END\n \\\n \\0\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        var problems = new List<Problem>();
        var records = Sasldb2Dump.Parse("dump", text, problems);
        Check.That(records.Count * 2 + problems.Count <= text.Split('\n').Length + 1, "more records than lines");
        var before = problems.Count;
        var users = new SasldbImport(false, "x.org").From("dump", records, problems);
        Check.That(users.Sum(u => u.Secrets.Count) + problems.Count - before >= records.Select(r => (r.User, r.Realm, r.Property)).Distinct().Count(), "a record that nobody hears of");
        Check.That(users.All(u => u.Secrets.Count > 0 && u.Secrets.DistinctBy(s => s.Kind).Count() == u.Secrets.Count && u.Secrets.All(s => s.Value[0] == '{')), "a user without secrets, or with two of a kind");
    }
}

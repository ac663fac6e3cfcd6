using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>Password files: each line is a user, a problem or nothing; a user is found under his own name; problems tell no secret.</summary>
static class PasswdFileTarget
{
    public static readonly string[] Seeds =
    [
        "# users\nbob:$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0\neve@Example.com:{SHA512-CRYPT}$6$s$h:1:2:Eve:/h:/s:allow_nets=192.0.2.0/24,::1 nologin userdb_x=1\n",
        "bob:{PLAIN}x\nbob:{PLAIN}y\n:x\nbob\nbob:{\nbob:secretsecret\r\n*:*\n", "bob\nann:x[13]\nsue:x[34]:1:1::/h::home=%u nodelay\n", "a:!\nb:*\nc:\nd:$9$x\ne:ab01FAX.bQRSU::::::proxy\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        var problems = new List<Problem>();
        var file = PasswdFile.Parse("users", text, problems);
        var lines = text.Split('\n');
        Check.That(file.Count + problems.Count <= lines.Length, "more users and problems than lines");
        Check.That(file.Users.All(u => u.Secret is null or { Length: > 0 }), "an empty secret");
        foreach (var problem in problems)
            Check.That(problem.Line >= 1 && problem.Line <= lines.Length && problem.Message.Length < 20_000, "a problem that is nowhere");
        var any = PasswdFile.Parse("users", text, [], PasswdFileStyle.Dovecot("CRYPT"));
        Check.That(file.Users.All(u => any.FindExactly(u.Name) is not null), "strictly read and otherwise not");
        Check.That(any.Users.All(u => u.Secret is null or ['{', ..] && u.Fields.All(f => f.Name.Length + f.Value.Length < 20_000)), "a password without its scheme");
        foreach (var line in lines.Where(l => l.Length > 0 && l[0] is >= 'a' and <= 'z').Take(3))
        {
            var name = line.Split(':')[0];
            if (file.Find(name, "") is { } found)
                Check.That(name.StartsWith(found.Name, StringComparison.Ordinal), "another user was found");
        }
    }
}

using MailServers.Queue.Local;
using MailServers.Queue.Routing;

namespace Fuzz;

/// <summary>Aliases, .forward files and text tables of users and administrators: targets that are one line each and of a known kind, or an error.</summary>
static class TablesTarget
{
    public static readonly string[] Seeds =
    [
        "postmaster: root, \"|/bin/x -a b\", :include:/etc/list\n# c\nlist: a@b,\n  c, /dev/null, /dir/\n", "\\alice, bob@example.com, \"a b\"@c, Name <x@y>\n", "\"|cmd \\\"q\\\" \\\\\"\n|\"x y\"\n", "\"unterminated\n", ":include:x, ::, |, /, \\\n", "key value\nkey2\tv w\n  continued\n\"q k\" v\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        var (targets, _) = AliasTarget.Parse(text);
        Check.That(targets.All(t => t.Value.Length > 0 && t.Value.AsSpan().IndexOfAny('\n', '\0') < 0), "a target with a line end");
        Check.That(targets.Where(t => t.Kind is TargetKind.Address or TargetKind.Mailbox).All(t => MailServers.Lmtp.MailPath.IsAddress(t.Value)), "an address that is none");
        foreach (var aliases in (bool[])[false, true])
        {
            foreach (var (key, value) in TextTable.Parse(text, aliases))
                Check.That(key.Length > 0 && !value.Contains('\n'), "an entry over several lines");
        }
        _ = TextTable.SourceOf(text);
        foreach (var delimiters in (string[])["", "+", "+-"])
        {
            var (user, extension) = UserName.Split(text, delimiters);
            Check.That(user.Length + extension.Length <= text.Length && (user.Length > 0 || text.Length == 0), "a user and an extension longer than the name");
        }
        new DomainList(text.Split('\n'), true).Contains("example.com");
    }
}

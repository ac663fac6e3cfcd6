using CsCheck;
using MailServers.Queue.Local;

namespace MailServers.Tests.Queue.Local;

public sealed class AliasTargetTests
{
    static string Show(string text)
    {
        var (targets, error) = AliasTarget.Parse(text);
        return string.Join("; ", targets.Select(t => $"{t.Kind} {t.Value}")) + (error is null ? "" : $" !{error}");
    }

    [Theory]
    [InlineData("bob, carol@example.org", "Address bob; Address carol@example.org")]
    [InlineData("# comment\n\nbob\n  # another\n", "Address bob")]
    [InlineData("\\alice", "Mailbox alice")]
    [InlineData("\"\\alice\", bob", "Mailbox alice; Address bob")]
    [InlineData("/var/mail/x", "File /var/mail/x")]
    [InlineData("/home/a/Maildir/", "Directory /home/a/Maildir/")]
    [InlineData("\"|/usr/bin/vacation -a \\\"x, y\\\" alice\"", "Command /usr/bin/vacation -a \"x, y\" alice")]
    [InlineData("|\"exec /bin/cat || exit 75\"", "Command exec /bin/cat || exit 75")]
    [InlineData("|/bin/cat", "Command /bin/cat")]
    [InlineData(":include:/etc/list", "Include /etc/list")]
    [InlineData("Bob <bob@example.org>", "Address bob@example.org")]
    [InlineData("\"john doe\"@example.org", "Address \"john doe\"@example.org")]
    [InlineData("a,,b,\r\n", "Address a; Address b")]
    public void Items_are_what_aliases_5_says(string text, string items) => Assert.Equal(items, Show(text));

    [Theory]
    [InlineData("\"|unbalanced")]
    [InlineData("two words")]
    [InlineData("a@b@c d")]
    [InlineData("|")]
    [InlineData(":include:relative")]
    [InlineData("<evil@x> RCPT TO:<y>")]
    [InlineData("a\rb")]
    public void What_is_no_item_is_an_error(string text) => Assert.NotNull(AliasTarget.Parse(text).Error);

    [Fact]
    public void Any_text_parses_and_addresses_are_safe_to_write() => Gen.String[Gen.Char["ab@<>\"\\,|/: \n\r\t#"], 0, 30].Sample(text =>
        AliasTarget.Parse(text).Targets.All(t => t.Kind is not (TargetKind.Address or TargetKind.Mailbox) || !t.Value.Any(c => c is '\r' or '\n' || (c is '<' or '>' && !t.Value.StartsWith('"')))), iter: 5000);

    [Fact]
    public void Tables_have_continuation_lines_comments_and_quotes()
    {
        var table = TextTable.Parse("# c\nroot: alice,\n  bob\n# in between\n\tcarol\n\"a b\": x\nRoot: second\nbroken\n", aliases: true);
        Assert.Equal("alice, bob carol", table["root"]);
        Assert.Equal("x", table["a b"]);
        Assert.Equal("u:p:w", TextTable.Parse("[gw.test]:587   u:p:w\n", aliases: false)["[gw.test]:587"]);
    }
}

using CsCheck;
using MailControl.Postconf;
using Testing;

namespace mailctl.Tests.Postconf;

public sealed class PostconfEditTests
{
    const string Original = """
        # Names
        myhostname = mail.example.com
        mydomain=example.com

        mynetworks = 127.0.0.0/8,
        # inner comment
            [::1]/128
        mydomain = example.org

        """;

    static string Apply(string text, params (string, string?)[] edits) =>
        PostconfEdit.Apply("main.cf", text, edits.ToDictionary(e => e.Item1, e => e.Item2), false, _ => { });

    [Fact]
    public void The_first_entry_is_replaced_where_it_stands_and_comments_stay() => Assert.Equal("""
        # Names
        myhostname = mail.example.com
        mydomain=example.com

        mynetworks = 192.0.2.0/24
        # inner comment
        mydomain = example.org

        """, Apply(Original, ("mynetworks", "192.0.2.0/24")));

    [Fact]
    public void Duplicates_are_replaced_with_a_warning()
    {
        var warnings = new List<string>();
        var text = PostconfEdit.Apply("main.cf", Original, new Dictionary<string, string?> { ["mydomain"] = "x" }, false, warnings.Add);
        Assert.Equal(2, text.Split('\n').Count(l => l == "mydomain = x"));
        Assert.Equal("main.cf: multiple entries for \"mydomain\"", Assert.Single(warnings));
    }

    [Fact]
    public void New_names_go_to_the_end_in_order() =>
        Assert.EndsWith("mydomain = example.org\nalias_maps = \nrelayhost = [gw]:587\n", Apply(Original, ("relayhost", "[gw]:587"), ("alias_maps", "")));

    [Fact]
    public void A_file_without_a_last_line_end_and_an_empty_one_can_be_edited()
    {
        Assert.Equal("a = 1\nb = 2\n", Apply("a = 1", ("b", "2")));
        Assert.Equal("b = 2\n", Apply("", ("b", "2")));
        Assert.Equal("", Apply("", ("b", null)));
    }

    [Fact]
    public void What_is_set_is_read_back()
    {
        var value = Gen.String[Gen.Char["abc ,$={}"], 0, 20].Select(v => v.Trim());
        var text = Gen.String[Gen.Char["ab =\n#\t"], 0, 80];
        Gen.Select(text, value).Sample((before, set) =>
        {
            var after = Apply(before, ("name", set));
            var entries = Sasl.Hosting.Configuration.PostfixFile.Parse("main.cf", after, []);
            Assert.Equal(set, entries.Last(e => e.Name == "name").Value);
            Assert.Equal(after, Apply(after, ("name", set)));
        });
    }

    [Fact]
    public async Task A_link_stays_a_link_and_the_mode_stays()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["real.cf"], Original);
        File.SetUnixFileMode(directory["real.cf"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(directory["main.cf"], directory["real.cf"]);
        var outcome = await Run.AsAsync("postconf", "", "-c", directory.Path, "-e", "myorigin=example.com");
        Assert.Equal((0, ""), (outcome.Status, outcome.Error));
        Assert.NotNull(new FileInfo(directory["main.cf"]).LinkTarget);
        Assert.EndsWith("myorigin = example.com\n", File.ReadAllText(directory["real.cf"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(directory["real.cf"]));
        Assert.Equal(2, Directory.GetFileSystemEntries(directory.Path).Length);
    }
}

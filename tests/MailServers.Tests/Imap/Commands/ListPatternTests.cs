using System.Text;
using MailServers.Imap.Commands;
using MailServers.Imap.Wire;

namespace MailServers.Tests.Imap.Commands;

public sealed class ListPatternTests
{
    static bool Matches(string reference, string pattern, string name) =>
        ListPattern.Expect(new ImapDecoder(Encoding.ASCII.GetBytes($" \"{reference}\" \"{pattern}\"")), '.', out _, out _)!.Matches(name);

    [Theory]
    [InlineData("", "*", "a.b.c", true)]
    [InlineData("", "%", "a", true)]
    [InlineData("", "%", "a.b", false)]
    [InlineData("", "%.%", "a.b", true)]
    [InlineData("", "a.%", "a.b", true)]
    [InlineData("", "a.%", "a", false)]
    [InlineData("a.", "%", "a.b", true)]
    [InlineData("a", ".*", "a.b.c", true)]
    [InlineData("", "a*c", "a.b.c", true)]
    [InlineData("", "a%c", "a.b.c", false)]
    [InlineData("", "inbox", "INBOX", true)]
    [InlineData("", "InBox.*", "INBOX.x", true)]
    [InlineData("", "inb*", "INBOX", true)]
    [InlineData("", "Foo", "foo", false)]
    [InlineData("", "**%%*", "anything.at.all", true)]
    public void Wildcards(string reference, string pattern, string name, bool matches) => Assert.Equal(matches, Matches(reference, pattern, name));

    [Fact]
    public void Attack_a_pattern_of_many_stars_costs_pattern_times_name()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.False(Matches("", string.Concat(Enumerable.Repeat("*a", 400)) + "b", new string('a', 4000)));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Attack_a_pattern_of_64_kB_is_refused()
    {
        var decoder = new ImapDecoder(Encoding.ASCII.GetBytes($" \"\" \"{new string('*', 60_000)}\""));
        Assert.Null(ListPattern.Expect(decoder, '.', out _, out _));
        Assert.NotNull(decoder.Error);
    }
}

using Sasl.Credentials.Native;

namespace Sasl.Credentials.Tests;

public sealed class DummyHashTests
{
    [Theory]
    [InlineData("$6$", 0u, "$6$")]
    [InlineData("$6$", 9000u, "$6$rounds=9000$")]
    [InlineData("$5$", 0u, "$5$")]
    [InlineData("$1$", 0u, "$1$")]
    [InlineData("$2b$", 5u, "$2b$05$")]
    [InlineData("$y$", 1u, "$y$j75$")]
    [InlineData("", 0u, "")]
    public void It_has_the_kind_and_cost_of_most_stored_hashes_and_is_no_hash(string prefix, uint cost, string kind)
    {
        string[] most = [.. Enumerable.Range(0, 3).Select(i => Crypt.Hash("geheim"u8, prefix, cost)!)];
        var dummy = new DummyHash(() => ["!", "*", $"!{most[0]}", Crypt.Hash("x"u8, prefix == "$1$" ? "$5$" : "$1$")!, .. most, "!!", "!!", "!!", "!!"]);
        Assert.StartsWith($"{{CRYPT}}{kind}", dummy.Setting);
        var setting = dummy.Setting["{CRYPT}".Length..];
        Assert.DoesNotContain(setting, most);
        Assert.False(Crypt.Verify("geheim"u8, setting));
        // The same cost, to the letter: libcrypt makes a hash of the same form from it.
        var spent = Crypt.HashWith("geheim"u8, setting)!;
        Assert.Contains(spent, most);
    }

    [Fact]
    public void Without_anything_to_go_by_it_is_what_libcrypt_makes_for_new_users()
    {
        foreach (var dummy in new[] { new DummyHash(), new DummyHash(() => []), new DummyHash(() => ["!", "*"]) })
            Assert.Equal(Crypt.Salt(null)![..4], dummy.Setting[..4]);
    }

    [Fact]
    public void Where_most_passwords_are_stored_as_they_are_no_time_is_spent()
    {
        var dummy = new DummyHash(() => ["", "{PLAIN}secret", "{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", Crypt.Hash("x"u8, "$1$")!, Crypt.Hash("x"u8, "$1$")!]);
        Assert.Equal("", dummy.Setting);
    }

    [Fact]
    public void It_follows_the_store()
    {
        var (prefix, day) = ("$1$", 1L);
        var asked = 0;
        var dummy = new DummyHash(() =>
        {
            asked++;
            return [Crypt.Hash("x"u8, prefix)!];
        }, () => new SourceState(null, null, day));
        Assert.StartsWith("{CRYPT}$1$", dummy.Setting);
        Assert.StartsWith("{CRYPT}$1$", dummy.Setting);
        (prefix, day) = ("$5$", 2);
        Assert.StartsWith("{CRYPT}$5$", dummy.Setting);
        Assert.Equal(2, asked);
    }
}

using CsCheck;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class SettingTests
{
    [Theory]
    [InlineData("30", 's', 30)]
    [InlineData("5m", 's', 300)]
    [InlineData("2 mins", 's', 120)]
    [InlineData("1 Day", 's', 86400)]
    [InlineData("3", 'd', 259200)]
    [InlineData("1w", 's', 604800)]
    public void Times(string text, char unit, long seconds)
    {
        Assert.True(SettingValue.TryParseTime(text, unit, out var time));
        Assert.Equal(seconds, time.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("5x")]
    [InlineData("s")]
    [InlineData("99999999999999999999")]
    [InlineData("9999999999999999w")]
    public void Bad_times(string text) => Assert.False(SettingValue.TryParseTime(text, 's', out _));

    [Theory]
    [InlineData("10", 10)]
    [InlineData("64k", 65536)]
    [InlineData("10M", 10485760)]
    [InlineData("1 GB", 1073741824)]
    public void Sizes(string text, long bytes)
    {
        Assert.True(SettingValue.TryParseSize(text, out var size));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("a, b\tc\n d", "a|b|c|d")]
    [InlineData("check { x y, z } end", "check|x y, z|end")]
    [InlineData("{ a {b c} } {open", "a {b c}|open")]
    [InlineData(" ,, ", "")]
    public void Lists(string text, string expected) => Assert.Equal(expected, string.Join('|', SettingValue.SplitList(text)));

    [Fact]
    public void Splitting_arbitrary_text_never_throws() => Gen.String.Sample(text => { SettingValue.SplitList(text); });

    [Theory]
    [InlineData("smtpd_sasl_auth_enabled", "smtpd_sasl_auth_enable")]
    [InlineData("mydestnation", "mydestination")]
    [InlineData("myhostnmae", "myhostname")]
    [InlineData("completely_different", null)]
    [InlineData("x", null)]
    public void Near_misses(string word, string? meant) => Assert.Equal(meant, MainCf.Table.Suggest(word));

    [Fact]
    public void A_problem_reads_like_a_compilers()
    {
        Assert.Equal("main.cf, line 3: wrong (did you mean \"right\"?)", new Problem("main.cf", 3, "wrong", "right").ToString());
        Assert.Equal("main.cf: warning: odd", new Problem("main.cf", 0, "odd", IsWarning: true).ToString());
    }

    [Fact]
    public void Serialized_values_come_back()
    {
        var table = new SettingTable([new("a", SettingType.Text, "x", "Help.")]);
        Gen.String.Sample(value =>
        {
            var copy = Settings.Deserialize(table, new Settings(table, new Dictionary<string, string> { ["a"] = value }).Serialize());
            Assert.Equal(value, copy.Text(table.Find("a")!));
        });
    }
}

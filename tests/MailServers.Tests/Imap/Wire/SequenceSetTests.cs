using System.Text;
using CsCheck;
using MailServers.Imap.Wire;

namespace MailServers.Tests.Imap.Wire;

public sealed class SequenceSetTests
{
    static SequenceSet Parse(string text)
    {
        Assert.True(SequenceSet.TryParse(Encoding.ASCII.GetBytes(text), out var set), text);
        return set;
    }

    [Theory]
    [InlineData("1", "1-1")]
    [InlineData("2,4:7,9,12:*", "2-2 4-7 9-9 12-15")] // RFC 3501 §9, with 15 messages
    [InlineData("*:4,5:7", "4-15")]
    [InlineData("*", "15-15")]
    [InlineData("7:4", "4-7")]
    [InlineData("20:*", "15-20")]
    [InlineData("1:*,1:*,3,3,2:5", "1-15")]
    [InlineData("4294967295", "4294967295-4294967295")]
    public void Ranges_are_sorted_and_merged(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Parse(text).Resolve(15).Select(r => $"{r.From}-{r.To}")));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("1,,2")]
    [InlineData("1,")]
    [InlineData("**")]
    [InlineData("1:2:3")]
    [InlineData("4294967296")]
    [InlineData("-1")]
    public void What_is_no_set_is_refused(string text) => Assert.False(SequenceSet.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void A_set_names_exactly_the_numbers_that_its_text_names()
    {
        var range = Gen.Select(Gen.UInt[1, 30], Gen.UInt[1, 30]);
        range.Array[1, 10].Sample(ranges =>
        {
            var resolved = Parse(string.Join(',', ranges.Select(r => $"{r.Item1}:{r.Item2}"))).Resolve(30);
            for (var n = 1u; n <= 30; n++)
                Assert.Equal(ranges.Any(r => Math.Min(r.Item1, r.Item2) <= n && n <= Math.Max(r.Item1, r.Item2)), resolved.Any(r => r.From <= n && n <= r.To));
            for (var i = 1; i < resolved.Count; i++)
                Assert.True(resolved[i].From > resolved[i - 1].To + 1);
        });
    }

    [Fact]
    public void Uids_written_as_a_set_name_the_same_uids_in_order()
    {
        Gen.UInt[1, 100].Array[1, 30].Sample(uids =>
        {
            var distinct = uids.Distinct().Order().ToList();
            var ranges = Parse(UidSet.Format(distinct)).Resolve(1);
            Assert.Equal(distinct, ranges.SelectMany(r => Enumerable.Range((int)r.From, (int)(r.To - r.From) + 1).Select(n => (uint)n)));
        });
        Assert.Equal("5:6,4,9", UidSet.Format([5, 6, 4, 9]));
    }
}

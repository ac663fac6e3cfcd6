using System.Text;
using CsCheck;
using MailServers.Imap.Fetch;

namespace MailServers.Tests.Imap.Fetch;

public sealed class HeaderFilterTests
{
    const string Header = "From: a\r\nSubject: one\r\n two\r\nX-Long : y\r\n\tz\r\nfrom: b\r\nbroken line\r\n\r\nFrom: body\r\n";

    static string Filter(bool not, int block, params string[] fields)
    {
        var filter = new HeaderFilter(fields, not);
        var kept = new MemoryStream();
        foreach (var piece in Encoding.ASCII.GetBytes(Header).Chunk(block))
            filter.Take(piece, kept.Write);
        Assert.True(filter.IsDone);
        return Encoding.ASCII.GetString(kept.ToArray());
    }

    [Fact]
    public void Fields_are_picked_with_their_folded_lines_whatever_their_case() =>
        Assert.Equal("From: a\r\nX-Long : y\r\n\tz\r\nfrom: b\r\n", Filter(false, 1000, "FROM", "x-long"));

    [Fact]
    public void The_rest_is_picked_by_NOT() =>
        Assert.Equal("Subject: one\r\n two\r\nX-Long : y\r\n\tz\r\nbroken line\r\n", Filter(true, 1000, "FROM"));

    [Fact]
    public void Cuts_make_no_difference() => Gen.Select(Gen.Int[1, 20], Gen.Bool).Sample((block, not) =>
        Assert.Equal(Filter(not, 1000, "subject", "x-long"), Filter(not, block, "subject", "x-long")));

    [Fact]
    public void Attack_a_name_without_end_is_no_field_that_was_asked_for()
    {
        var filter = new HeaderFilter(["x"], not: true);
        var kept = 0;
        for (var i = 0; i < 100; i++)
            filter.Take(new string('y', 1000).Select(c => (byte)c).ToArray(), bytes => kept += bytes.Length);
        Assert.Equal(100_000, kept);
    }
}

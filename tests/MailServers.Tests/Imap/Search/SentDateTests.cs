using MailServers.Imap.Search;

namespace MailServers.Tests.Imap.Search;

public sealed class SentDateTests
{
    [Theory]
    [InlineData("Mon, 7 Feb 1994 21:52:25 -0800 (PST)", 1994, 2, 7)]
    [InlineData("7 Feb 1994 21:52 PST", 1994, 2, 7)]
    [InlineData("Mon,07 February 94 21:52:25", 1994, 2, 7)]
    [InlineData("1 Jan 05", 2005, 1, 1)]
    [InlineData("29-Feb-2024", 2024, 2, 29)]
    public void The_day_is_taken(string field, int year, int month, int day)
    {
        Assert.True(SentDate.TryParse(field, out var date));
        Assert.Equal(new DateOnly(year, month, day), date);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("Mon, 30 Feb 1994 21:52:25")]
    [InlineData("7 Foo 1994")]
    [InlineData("7 Feb")]
    [InlineData("0 Feb 1994")]
    public void What_is_no_date_is_none(string? field) => Assert.False(SentDate.TryParse(field, out _));
}

using System.Text;
using CsCheck;
using MailServers.Imap.Wire;

namespace MailServers.Tests.Imap.Wire;

public sealed class ImapDateTests
{
    static string Format(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[40];
        return Encoding.ASCII.GetString(bytes[..ImapDate.Format(time, bytes)]);
    }

    [Fact]
    public void A_date_time_is_written_as_RFC_3501_prints_it() =>
        Assert.Equal("\"17-Jul-1996 02:44:25 -0700\"", Format(new(1996, 7, 17, 2, 44, 25, TimeSpan.FromHours(-7))));

    [Theory]
    [InlineData(" 1-Feb-1994 21:52:25 -0830")]
    [InlineData("01-Feb-1994 21:52:25 -0830")]
    [InlineData("1-Feb-1994 21:52:25 -0830")]
    public void A_day_of_one_digit_may_have_a_space_in_front(string text)
    {
        Assert.True(ImapDate.TryParseDateTime(text, out var time));
        Assert.Equal(new DateTimeOffset(1994, 2, 1, 21, 52, 25, -new TimeSpan(8, 30, 0)), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Feb-1994 21:52:25 -0800")]
    [InlineData("32-Feb-1994 21:52:25 -0800")]
    [InlineData("01-Feb-1994 25:52:25 -0800")]
    [InlineData("01-Feb-1994 21:52:25 0800 ")]
    [InlineData("01-Feb-1994 21:52:25 +9999")]
    [InlineData("01-Feb-1994 21:52:25 +1430")]
    [InlineData("01-Feb-0001 00:00:00 +1400")]
    [InlineData("31-Dec-9999 23:59:59 -1400")]
    public void Any_other_text_is_refused(string text) => Assert.False(ImapDate.TryParseDateTime(text, out _));

    [Fact]
    public void What_was_written_is_read_back() => Gen.Select(Gen.DateTime[new DateTime(1970, 1, 1), new DateTime(2100, 1, 1)], Gen.Int[-14 * 60, 14 * 60]).Sample((date, minutes) =>
    {
        var time = new DateTimeOffset(new DateTime(date.Year, date.Month, date.Day, date.Hour, date.Minute, date.Second), TimeSpan.FromMinutes(minutes));
        Assert.True(ImapDate.TryParseDateTime(Format(time).Trim('"'), out var read));
        Assert.Equal((time, time.Offset), (read, read.Offset));
    });
}

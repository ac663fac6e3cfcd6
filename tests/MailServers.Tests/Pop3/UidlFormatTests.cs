using MailServers.Pop3;

namespace MailServers.Tests.Pop3;

public sealed class UidlFormatTests
{
    [Theory]
    [InlineData("%08Xu%08Xv", "000000ff5e0b1c2d")]
    [InlineData("%u", "255")]
    [InlineData("UID%u-%v", "UID255-1577786413")]
    [InlineData("%v.%u", "1577786413.255")]
    [InlineData("%Xu", "ff")]
    [InlineData("%10u", "0000000255")]
    public void Formats_as_the_original_does(string format, string id) => Assert.Equal(id, UidlFormat.TryParse(format)!.Of(255, 0x5e0b1c2d));

    [Theory]
    [InlineData("")]
    [InlineData("same")]
    [InlineData("%v")]
    [InlineData("%f")]
    [InlineData("%Yu")]
    [InlineData("%999u")]
    [InlineData("%u %v")]
    [InlineData("%u%")]
    [InlineData("%u................................................................................")]
    public void A_format_that_is_not_understood_or_not_unique_is_refused(string format) => Assert.Null(UidlFormat.TryParse(format));
}

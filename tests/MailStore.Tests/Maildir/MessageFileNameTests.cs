using CsCheck;
using MailStore.Maildir;

namespace MailStore.Tests.Maildir;

public class MessageFileNameTests
{
    [Theory]
    [InlineData("1.M2P3.h", "1.M2P3.h:2,RSab", "RSab")]
    [InlineData("1.h,S=5,W=6:2,PX", "1.h,S=5,W=6:2,PRSXab", "PX")]
    [InlineData("1.h:2,Fz,more,stuff", "1.h:2,RSab,more,stuff", "Fz")]
    [InlineData("1.h:1,exp", "1.h:2,RSab", "")]
    public void Letters_that_are_not_ours_and_what_follows_a_comma_stay(string name, string expected, string _) =>
        Assert.Equal(expected, MessageFileName.WithFlags(name, MessageFlags.Answered | MessageFlags.Seen, 3));

    [Theory]
    [InlineData("1.h,S=5,W=6:2,S", 5L, 6L)]
    [InlineData("1.h,W=6,S=5", 5L, 6L)]
    [InlineData("1.h,S=,W=-1", null, null)]
    [InlineData("1.h,S=99999999999999999999:2,", null, null)]
    [InlineData("1.h:2,S,W=3", null, null)]
    public void Sizes(string name, long? bytes, long? crlf) =>
        Assert.Equal((bytes, crlf), (MessageFileName.Field(name, 'S'), MessageFileName.Field(name, 'W')));

    [Fact]
    public void Flags_come_back_as_they_were_set_on_any_name() =>
        Gen.Select(Gen.Char["12.:,;SFRTDPabz=/é"].Array[0, 40], Gen.Int[0, 31], Gen.UInt[0, (1u << 26) - 1]).Sample((chars, flags, letters) =>
        {
            var name = MessageFileName.WithFlags(new string(chars), (MessageFlags)flags, letters);
            Assert.Equal(((MessageFlags)flags, letters), MessageFileName.FlagsOf(name));
            Assert.Equal(MessageFileName.BaseOf(new string(chars)).ToString(), MessageFileName.BaseOf(name).ToString());
            Assert.Equal(name, MessageFileName.WithFlags(name, (MessageFlags)flags, letters));
        });

    [Fact]
    public void Names_are_ordered_by_time_of_delivery()
    {
        string[] names = ["x", "999999999.M1P1.h", "1000000000.M5P1Q2.h", "1000000000.M5P1Q10.h", "1000000000.V1I2M60.h", "1000000000.M123456P1.h"];
        Assert.Equal([.. names[1..], "x"], names.Reverse().Order(MessageOrder.Instance));
    }
}

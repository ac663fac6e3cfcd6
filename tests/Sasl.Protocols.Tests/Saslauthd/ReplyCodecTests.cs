using CsCheck;
using Sasl.Protocols.Saslauthd;

namespace Sasl.Protocols.Tests.Saslauthd;

public sealed class ReplyCodecTests
{
    [Fact]
    public void The_reply_has_a_length_and_no_nul() => Assert.Equal("\0\u0002OK"u8, ReplyCodec.Encode("OK"));

    [Theory]
    [InlineData("OK", true, "")]
    [InlineData("OK remote", true, "remote")]
    [InlineData("NO Incorrect password", false, "Incorrect password")]
    [InlineData("NO ", false, "")]
    [InlineData("ok", false, "")]
    [InlineData("?? what", false, "what")]
    public void Only_ok_is_ok(string text, bool ok, string detail) =>
        Assert.Equal((ok, detail), ReplyCodec.Parse(ReplyCodec.Encode(text).AsSpan(2)));

    [Fact]
    public void Shorter_than_two_bytes_is_no_reply()
    {
        Assert.Null(ReplyCodec.BodyLength([0, 0]));
        Assert.Null(ReplyCodec.BodyLength([0, 1]));
        Assert.Equal(2, ReplyCodec.BodyLength([0, 2]));
        Assert.Equal(1023, ReplyCodec.BodyLength([255, 255]));
    }

    [Fact]
    public void A_long_text_is_cut_where_clients_stop_reading() =>
        Gen.Int[0, 3000].Sample(n => ReplyCodec.Encode(new string('x', n)).Length == 2 + Math.Min(n, 1023));

    [Fact]
    public void No_body_makes_it_throw() => Gen.Byte.Array[0, 40].Sample(body => { _ = ReplyCodec.Parse(body); });
}

using System.Text;
using CsCheck;
using Sasl.Protocols.Saslauthd;

namespace Sasl.Protocols.Tests.Saslauthd;

public sealed class ControlCodecTests
{
    static readonly Gen<string> _name = Gen.String[Gen.Char["abü@.\t\n\u0001"], 1, 40];

    [Fact]
    public void Every_request_comes_back() =>
        Gen.Select(_name, Gen.OneOf(_name.Select(r => (string?)r), Gen.Const((string?)null), Gen.Const((string?)""))).Sample((user, realm) =>
        {
            foreach (var request in (ControlRequest[])[new(ControlKind.Statistics), new(ControlKind.Dump), new(ControlKind.Flush), new(ControlKind.Flush, User: user, Realm: realm)])
                Assert.Equal(request, ControlRequest.Parse(request.Encode()!));
        });

    [Fact]
    public void A_question_is_carried_as_it_is()
    {
        var question = RequestCodec.Encode(new("bob", "geheim"u8.ToArray(), "smtp", "r", "192.0.2.7;25"))!;
        var parsed = ControlRequest.Parse(new ControlRequest(ControlKind.Explain, question).Encode()!)!.Value;
        Assert.Equal("bob", RequestCodec.Parse(parsed.Question).Request!.Login);
    }

    [Theory]
    [InlineData("")]
    [InlineData("X")]
    [InlineData("S ")]
    [InlineData("D\0\u0001a")]
    [InlineData("F\0")]
    [InlineData("F\0\0")]
    [InlineData("F\0\u0003bo")]
    [InlineData("F\0\u0001a\0")]
    [InlineData("F\0\u0001a\0\u0001bc")]
    [InlineData("F\u0001\u0001")]
    public void What_makes_no_sense_is_no_request(string bytes) => Assert.Null(ControlRequest.Parse(Encoding.Latin1.GetBytes(bytes)));

    [Fact]
    public void Names_that_do_not_fit_are_not_sent() => Assert.Null(new ControlRequest(ControlKind.Flush, User: new string('x', 257)).Encode());

    [Fact]
    public void Every_reply_comes_back() =>
        Gen.Select(_name.Array[1, 4].Array[0, 5], Gen.OneOf(_name.Select(r => (string?)r), Gen.Const((string?)null))).Sample((rows, problem) =>
        {
            var again = ControlReply.Parse(new ControlReply(rows, problem).Encode());
            Assert.NotNull(again);
            Assert.Equal(problem, again.Problem);
            Assert.Equal(rows, again.Rows);
        });

    [Theory]
    [InlineData("")]
    [InlineData("OK")]
    [InlineData("a\tb\n")]
    [InlineData("a\tb\nO")]
    [InlineData("NO\n")]
    [InlineData("OK\nrest\n")]
    public void What_was_cut_off_is_no_reply(string text) => Assert.Null(ControlReply.Parse(Encoding.UTF8.GetBytes(text)));
}

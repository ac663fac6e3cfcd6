using System.Text;
using CsCheck;
using Sasl.Protocols.Saslauthd;

namespace Sasl.Protocols.Tests.Saslauthd;

public sealed class RequestCodecTests
{
    static readonly byte[] Vector = "\0\u0003bob\0\u0006geheim\0\u0004smtp\0\0"u8.ToArray();

    static readonly Gen<string> Text = Gen.String[Gen.Char["abc @.ßé€\n\t]"], 0, 60];
    static readonly Gen<byte[]> Password = Gen.Byte[1, 255].Array[1, 256];

    [Fact]
    public void The_request_as_libsasl_writes_it()
    {
        var parsed = RequestCodec.Parse(Vector);
        Assert.Equal(RequestStatus.Complete, parsed.Status);
        Assert.Equal(("bob", "smtp", "", null), (parsed.Request!.Login, parsed.Request.Service, parsed.Request.Realm, parsed.Request.RemoteAddress));
        Assert.Equal("geheim"u8, parsed.Request.Password.Span);
        Assert.Equal(Vector, RequestCodec.Encode(parsed.Request));
    }

    [Fact]
    public void What_is_encoded_is_parsed() =>
        Gen.Select(Text.Where(t => t.Length > 0), Password, Text, Text, Gen.Bool).Sample((login, password, service, realm, remote) =>
        {
            var request = new SaslauthdRequest(login, password, service, realm, remote ? "192.0.2.7;4711" : null);
            var parsed = RequestCodec.Parse(RequestCodec.Encode(request)!);
            return parsed.Status == RequestStatus.Complete && parsed.Request! with { Password = default } == request with { Password = default }
                && parsed.Request.Password.Span.SequenceEqual(password);
        });

    [Fact]
    public void Every_beginning_of_a_request_is_incomplete_until_the_four_fields_are_there() =>
        Gen.Select(Text.Where(t => t.Length > 0), Password).Sample((login, password) =>
        {
            var bytes = RequestCodec.Encode(new(login, password, "imap", "example.com"))!;
            return Enumerable.Range(0, bytes.Length).All(n => RequestCodec.Parse(bytes.AsMemory(0, n)).Status == RequestStatus.Incomplete);
        }, iter: 50);

    [Fact]
    public void No_bytes_make_it_throw_and_more_bytes_never_take_a_decision_back() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Byte[0, 4].Array[0, 60], Gen.Byte.Array[0, 20]).Sample((wild, small, more) =>
        {
            foreach (var bytes in new[] { wild, small })
            {
                var first = RequestCodec.Parse(bytes);
                var then = RequestCodec.Parse(bytes.Concat(more).ToArray());
                if (first.Status != RequestStatus.Incomplete && then.Status != first.Status)
                    return false;
            }
            return true;
        });

    [Theory]
    [InlineData(0, "login", 256)]
    [InlineData(1, "password", 16384)]
    [InlineData(2, "service", 256)]
    [InlineData(3, "realm", 256)]
    public void Over_long_fields_are_refused_by_their_length_alone_and_the_limit_is_still_good(int field, string name, int limit)
    {
        var parsed = RequestCodec.Parse(Fields(field, limit + 1).AsMemory(..^200));
        Assert.Equal((RequestStatus.Refused, "NO ", $"{name} exceeded MAX_REQ_LEN: {limit}"), (parsed.Status, parsed.Reply, parsed.Problem));
        Assert.Equal(RequestStatus.Complete, RequestCodec.Parse(Fields(field, limit)).Status);
    }

    [Fact]
    public void Empty_login_is_tested_before_empty_password()
    {
        Assert.Equal("NO NULL login received", RequestCodec.Parse(new byte[8]).Reply);
        Assert.Equal("NO NULL password received", RequestCodec.Parse("\0\x1u\0\0\0\0\0\0"u8.ToArray()).Reply);
        Assert.Equal(RequestStatus.Incomplete, RequestCodec.Parse(new byte[7]).Status);
    }

    [Theory]
    [InlineData("\0\x3u\0x\0\x1p\0\0\0\0")]
    [InlineData("\0\x1u\0\x3p\0y\0\0\0\0")]
    [InlineData("\0\x1u\0\x1p\0\x1\0\0\0")]
    [InlineData("\0\x1u\0\x1p\0\0\0\x2r\0")]
    public void Nul_truncation_is_refused_in_every_field(string request)
    {
        var parsed = RequestCodec.Parse(Encoding.Latin1.GetBytes(request));
        Assert.Equal(RequestStatus.Refused, parsed.Status);
        Assert.Contains("NUL", parsed.Problem);
    }

    [Fact]
    public void A_login_that_is_no_utf8_is_refused_and_a_password_may_be_anything()
    {
        Assert.Equal(RequestStatus.Refused, RequestCodec.Parse(new byte[] { 0, 1, 0xe9, 0, 1, (byte)'p', 0, 0, 0, 0 }).Status);
        Assert.Equal(RequestStatus.Complete, RequestCodec.Parse(new byte[] { 0, 1, (byte)'u', 0, 1, 0xe9, 0, 0, 0, 0 }).Status);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("\0\0", null)]
    [InlineData("\0", null)]
    [InlineData("\0\x9" + "192", null)]
    [InlineData("\xff\xff", null)]
    [InlineData("\0\x3" + "a\nb", null)]
    [InlineData("\0\xe" + "192.0.2.7;4711", "192.0.2.7;4711")]
    [InlineData("\0\xe" + "192.0.2.7;4711 and more", "192.0.2.7;4711")]
    public void Four_and_five_field_incompatibility_the_fifth_counts_only_when_it_is_here(string rest, string? remote)
    {
        var parsed = RequestCodec.Parse(Vector.Concat(Encoding.Latin1.GetBytes(rest)).ToArray());
        Assert.Equal((RequestStatus.Complete, remote), (parsed.Status, parsed.Request?.RemoteAddress));
    }

    [Fact]
    public void The_ip_is_what_stands_before_the_port() =>
        Assert.Equal("2001:db8::1", new SaslauthdRequest("u", default, "", "", "2001:db8::1;25").RemoteIp);

    [Fact]
    public void A_field_that_does_not_fit_its_length_cannot_be_asked() =>
        Assert.Null(RequestCodec.Encode(new("u", new byte[65536], "imap", "")));

    static byte[] Fields(int which, int length) =>
        [.. Enumerable.Range(0, 4).SelectMany(i => i == which ? [(byte)(length >> 8), (byte)length, .. Enumerable.Repeat((byte)'x', length)] : new byte[] { 0, 1, (byte)'x' })];
}

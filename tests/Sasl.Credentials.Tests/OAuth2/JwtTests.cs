using System.Text;
using CsCheck;
using Sasl.Credentials.OAuth2;
using Testing;

namespace Sasl.Credentials.Tests.OAuth2;

public sealed class JwtTests
{
    static string Part(string text) => TokenIssuer.Text(Encoding.UTF8.GetBytes(text));

    static Jwt? Read(string token, out string reason) => Jwt.TryRead(Encoding.ASCII.GetBytes(token), out reason);

    [Fact]
    public void The_example_of_the_RFC()
    {
        // RFC 7519 §3.1.
        var jwt = Read("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", out _)!;
        Assert.Equal(("HS256", null, "joe", "true"), (jwt.Algorithm, jwt.KeyId, jwt.Claims.Text("iss"), jwt.Claims.Text("http://example.com/is_root")));
        Assert.True(jwt.Claims.TryTime("exp", out var end));
        Assert.Equal(1300819380, end!.Value.ToUnixTimeSeconds());
        Assert.Equal(32, jwt.Signature.Length);
    }

    [Theory]
    [InlineData("", "{}", "no signed token: a part is no object of JSON, or has a name twice")]
    [InlineData("[]", "{}", "no signed token: a part is no object of JSON, or has a name twice")]
    [InlineData("{\"alg\":\"RS256\"}", "[]", "no signed token: a part is no object of JSON, or has a name twice")]
    [InlineData("{\"alg\":\"RS256\"}", "{\"sub\":\"a\",\"sub\":\"b\"}", "no signed token: a part is no object of JSON, or has a name twice")]
    [InlineData("{\"alg\":\"none\",\"alg\":\"RS256\"}", "{}", "no signed token: a part is no object of JSON, or has a name twice")]
    [InlineData("{\"alg\":\"RS256\"} x", "{}", "no signed token: a part is no object of JSON, or has a name twice")]
    [InlineData("{}", "{}", "no signed token: it names no algorithm")]
    [InlineData("{\"alg\":[\"RS256\"]}", "{}", "no signed token: it names no algorithm")]
    [InlineData("{\"alg\":\"RS256\",\"crit\":[\"exp\"]}", "{}", "no signed token: it demands an extension")]
    [InlineData("{\"alg\":\"RS256\",\"typ\":\"logout+jwt\"}", "{}", "no signed token: it is of a type that is no access token")]
    [InlineData("{\"alg\":\"RS256\",\"typ\":1}", "{}", "no signed token: it is of a type that is no access token")]
    [InlineData("{\"alg\":\"RS256\",\"kid\":[]}", "{}", "no signed token: its key's name is none")]
    public void What_is_no_token(string header, string claims, string expected)
    {
        Assert.Null(Read($"{Part(header)}.{Part(claims)}.AAAA", out var reason));
        Assert.Equal(expected, reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("e30.e30.e30.e30.e30")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.AA==")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.A A")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e3+.AA")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.A")]
    public void Other_shapes_are_none(string token) => Assert.Null(Read(token, out _));

    [Fact]
    public void What_is_too_long_is_not_read()
    {
        var claims = $"{{\"x\":\"{new string('y', Jwt.LongestToken)}\"}}";
        Assert.Null(Read($"{Part("{\"alg\":\"RS256\"}")}.{Part(claims)}.AAAA", out var reason));
        Assert.Equal("no signed token: longer than a token may be", reason);
        Assert.Null(Read($"{Part($"{{\"alg\":\"RS256\",\"kid\":\"{new string('k', 257)}\"}}")}.e30.AAAA", out _));
        Assert.Null(Read($"{Part("{\"alg\":\"RS256\"}")}.{Part(new string('[', 20) + new string(']', 20))}.AAAA", out _));
    }

    [Fact]
    public void Times_that_no_calendar_has_are_none()
    {
        foreach (var time in new[] { "1e300", "-1", "\"300\"", "1e999", "253402300800", "null" })
            Assert.False(TokenClaims.TryParse(Encoding.UTF8.GetBytes($"{{\"exp\":{time}}}"))?.TryTime("exp", out _) ?? false);
        Assert.True(TokenClaims.TryParse("{\"exp\":1300819380.5}"u8.ToArray())!.TryTime("exp", out var end));
        Assert.NotNull(end);
    }

    [Fact]
    public void Whatever_comes_is_a_token_or_a_reason_and_the_reason_is_ours() => Gen.Select(Gen.String, Gen.String, Gen.Byte.Array[0, 20]).Sample((header, claims, signature) =>
    {
        var token = $"{Part(header)}.{Part(claims)}.{TokenIssuer.Text(signature)}";
        if (Read(token, out var reason) is null)
            Assert.StartsWith("no signed token: ", reason);
    });

    [Fact]
    public void What_was_written_is_read() => Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.Byte.Array[1, 300]).Sample((name, signature) =>
    {
        var jwt = Read($"{Part($"{{\"alg\":\"{name}\",\"kid\":\"{name}\"}}")}.{Part($"{{\"sub\":\"{name}\",\"aud\":[\"{name}\",7,{{}}]}}")}.{TokenIssuer.Text(signature)}", out _)!;
        Assert.Equal((name, name, name), (jwt.Algorithm, jwt.KeyId, jwt.Claims.Text("sub")));
        Assert.Equal([name, "7"], jwt.Claims.List("aud"));
        Assert.Equal(signature, jwt.Signature.ToArray());
    });
}

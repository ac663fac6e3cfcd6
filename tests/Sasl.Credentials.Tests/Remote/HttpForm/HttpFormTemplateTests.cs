using System.Text;
using System.Text.Json;
using CsCheck;
using Sasl.Credentials.Remote.HttpForm;

namespace Sasl.Credentials.Tests.Remote.HttpForm;

public sealed class HttpFormTemplateTests
{
    static readonly Gen<string> _text = Gen.Char["\u0001\t\r\n\u007f\"\\/&=+%{}<>é€\u2028abc "].Array[0, 60].Select(c => new string(c));

    [Fact]
    public void Attack_URL_escape_a_service_reads_the_values_and_no_other_fields() =>
        Gen.Select(_text, Gen.Byte.Array[0, 100]).Sample((user, password) =>
        {
            var body = Fill("u=%u&p=%p&100%%", isJson: false, user, password);
            Assert.DoesNotContain(body, c => c is < '!' or > '~');
            var fields = body.Split('&');
            Assert.Equal(3, fields.Length);
            Assert.Equal("100%", fields[2]);
            Assert.Equal(user, Encoding.UTF8.GetString(Decode(fields[0]["u=".Length..])));
            Assert.Equal(password, Decode(fields[1]["p=".Length..]));
        });

    [Fact]
    public void Attack_JSON_injection_a_service_reads_the_values_and_no_other_members() =>
        Gen.Select(_text, _text).Sample((user, password) =>
        {
            using var body = JsonDocument.Parse(Fill("""{"a":{"u":"%u"},"p":"x%p%%"}""", isJson: true, user, Encoding.UTF8.GetBytes(password)));
            Assert.Equal(2, body.RootElement.EnumerateObject().Count());
            Assert.Equal(user, body.RootElement.GetProperty("a").GetProperty("u").GetString());
            Assert.Equal($"x{password}%", body.RootElement.GetProperty("p").GetString());
        });

    [Theory]
    [InlineData("{\"u\":%u}")]
    [InlineData("{\"n\":1%u}")]
    [InlineData("{\"u\":\"%u\"")]
    [InlineData("%u")]
    [InlineData("u=%u")]
    public void A_token_outside_a_string_is_reported(string template) => Assert.NotNull(HttpFormTemplate.Problem(template, isJson: true));

    [Fact]
    public void A_form_may_be_anything() => Assert.Null(HttpFormTemplate.Problem("whatever %u", isJson: false));

    static string Fill(string template, bool isJson, string user, byte[] password) =>
        Encoding.UTF8.GetString(new HttpFormTemplate(template, isJson).Fill(new(user, "", "smtp", password, null))!.Value.Span);

    static byte[] Decode(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                bytes.Add((byte)text[i]);
                continue;
            }
            bytes.Add(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
            i += 2;
        }
        return [.. bytes];
    }
}

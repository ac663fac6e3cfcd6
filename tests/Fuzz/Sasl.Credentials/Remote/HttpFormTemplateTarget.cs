using System.Text;
using System.Text.Json;
using Sasl.Credentials;
using Sasl.Credentials.Remote.HttpForm;

namespace Fuzz;

/// <summary>Names and passwords in a body: no field, string or line ends in them.</summary>
static class HttpFormTemplateTarget
{
    public static readonly string[] Seeds = ["bob geheim", "a&b=c%41\r\n\r\nGET /", "\"\\\"}{\u0001\u00ff", "%u%p%%", ""];

    static readonly HttpFormTemplate _form = new("u=%u&p=%p", isJson: false), _json = new("""{"u":"%u","p":"%p"}""", isJson: true);

    public static void Run(ReadOnlySpan<byte> input)
    {
        var half = input.Length / 2;
        var (user, password) = (Bytes.Utf8(input[..half]), input[half..].ToArray());
        var query = new PasswordQuery(user, "", "smtp", password, null);
        var form = Encoding.ASCII.GetString(_form.Fill(query)!.Value.Span);
        Check.That(form.Count(c => c == '&') == 1 && form.Count(c => c == '=') == 2 && form.All(c => c is > ' ' and <= '~'), "a value that ends its field");
        Check.Same(user, Uri.UnescapeDataString(form["u=".Length..form.IndexOf('&')]), "the user");
        if (_json.Fill(query) is not { } body)
            return;
        using var json = JsonDocument.Parse(body);
        Check.Same(2, json.RootElement.EnumerateObject().Count(), "members");
        Check.Same(user, json.RootElement.GetProperty("u").GetString(), "the user");
        Check.Same(Encoding.UTF8.GetString(password), json.RootElement.GetProperty("p").GetString(), "the password");
    }
}

using System.Net.Http.Headers;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Remote.HttpForm;

/// <summary>What is the same in every request.</summary>
/// <param name="Authorization">Whole field; empty for none.</param>
sealed record HttpFormRequest(Uri Address, HttpFormTemplate Template, MediaTypeHeaderValue ContentType, string Authorization)
{
    public static HttpFormRequest From(Settings settings)
    {
        var isJson = IsJson(settings);
        return new(
            AddressOf(settings), new(settings.Text(SaslauthdConf.HttpformData), isJson), new(isJson ? "application/json" : "application/x-www-form-urlencoded"),
            settings.Text(SaslauthdConf.HttpformAuthorization));
    }

    public static bool IsJson(Settings settings) => settings.Text(SaslauthdConf.HttpformFormat).Equals("json", StringComparison.OrdinalIgnoreCase);

    static Uri AddressOf(Settings settings)
    {
        var (host, scheme) = (settings.Text(SaslauthdConf.HttpformHost), settings.Boolean(SaslauthdConf.HttpformTls) ? "https" : "http");
        var bracketed = host.Contains(':') ? $"[{host}]" : host;
        // The path is the administrator's word: it is sent as it stands.
        var asItStands = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        return Uri.TryCreate($"{scheme}://{bracketed}:{settings.Integer(SaslauthdConf.HttpformPort)}{settings.Text(SaslauthdConf.HttpformUri)}", asItStands, out var address)
            ? address : throw new FormatException($"httpform_host: {RemoteTexts.Line(host)} is no host name");
    }
}

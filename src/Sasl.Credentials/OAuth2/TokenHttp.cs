using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sasl.Credentials.Ldap;

namespace Sasl.Credentials.OAuth2;

/// <summary>A server that was asked about a token could not be, or answers nonsense. The message holds neither the token nor our secret.</summary>
sealed class TokenServerException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>
/// Requests to the issuer's servers: no redirection is followed and no proxy of the environment is used, for the token would go along; every answer has
/// a bound.
/// </summary>
sealed class TokenHttp(TlsFiles tls) : IDisposable
{
    public const int LongestAnswer = 64 * 1024;

    const int HeadersInKilobytes = 16, MostConnections = 128;

    readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(3),
        MaxConnectionsPerServer = MostConnections,
        MaxResponseHeadersLength = HeadersInKilobytes,
        MaxResponseDrainSize = LongestAnswer,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        // New addresses and certificates are noticed.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        SslOptions = LdapFiles.Tls(tls, new Dictionary<string, ReadOnlyMemory<byte>>()).Options(""),
    });

    /// <summary>Name and password of a URL are sent as RFC 7617 has it, and are not part of what is asked for.</summary>
    public static HttpRequestMessage Request(HttpMethod method, Uri url, string behind = "")
    {
        var request = new HttpRequestMessage(method, new Uri($"{url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped)}{behind}"))
        {
            Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Accept.Add(new("application/json"));
        if (url.UserInfo.Length > 0)
            Authorize(request, Uri.UnescapeDataString(url.UserInfo));
        return request;
    }

    /// <param name="credentials">"name:password".</param>
    public static void Authorize(HttpRequestMessage request, string credentials) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));

    /// <summary>The status and the body.</summary>
    /// <exception cref="TokenServerException">There is no answer, or one that is too long.</exception>
    public async Task<(int Status, byte[] Body)> AskAsync(HttpRequestMessage request, int longest, CancellationToken stop)
    {
        using var asked = request;
        var where = $"{asked.Method} {asked.RequestUri!.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)}";
        try
        {
            using var response = await _http.SendAsync(asked, stop);
            await using var body = await response.Content.ReadAsStreamAsync(stop);
            var content = new MemoryStream();
            var buffer = new byte[8192];
            while (await body.ReadAsync(buffer, stop) is > 0 and var count)
            {
                if (content.Length + count > longest)
                    throw new TokenServerException($"{where}: an answer of more than {longest} bytes");
                content.Write(buffer, 0, count);
            }
            return ((int)response.StatusCode, content.ToArray());
        }
        catch (HttpRequestException failure)
        {
            throw new TokenServerException($"{where}: {failure.InnerException?.Message ?? failure.Message}", failure);
        }
        catch (IOException failure) when (failure is not TokenServerException)
        {
            throw new TokenServerException($"{where}: {failure.Message}", failure);
        }
    }

    public void Dispose() => _http.Dispose();
}

using System.Net;
using System.Net.Sockets;

namespace Sasl.Credentials.Remote.HttpForm;

/// <summary>The connections to the service.</summary>
static class HttpFormClient
{
    const int HeadersInKilobytes = 16, LongestBody = 64 * 1024, MostConnections = 128;

    public static HttpMessageInvoker Create(RemoteServer server, RemoteDialer dialer) => new(Handler(server, dialer));

    internal static SocketsHttpHandler Handler(RemoteServer server, RemoteDialer dialer) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = server.Timeout,
        MaxConnectionsPerServer = MostConnections,
        MaxResponseHeadersLength = HeadersInKilobytes,
        // The body says nothing that counts. A longer one costs its connection.
        MaxResponseDrainSize = LongestBody,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        // New addresses are noticed.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        SslOptions = server.Trust,
        ConnectCallback = async (_, stop) => new NetworkStream(await dialer.ConnectAsync(null, stop), ownsSocket: true),
    };
}

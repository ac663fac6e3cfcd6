using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Testing;

/// <summary>What a client of <see cref="WebServer"/> has asked.</summary>
public sealed record WebRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The fields of a form.</summary>
    public IReadOnlyDictionary<string, string> Form => Body.Split('&').Select(f => f.Split('=', 2)).ToDictionary(f => f[0], f => Uri.UnescapeDataString(f[^1].Replace('+', ' ')));
}

public sealed record WebAnswer(int Status, string Body)
{
    /// <summary>More header lines, each with its end.</summary>
    public string Headers { get; init; } = "";
}

/// <summary>A web server of the test's own on the loopback, HTTP or HTTPS: one request a connection, answered as the test says.</summary>
public sealed class WebServer : IAsyncDisposable
{
    readonly TcpListener _listener;
    readonly Func<WebRequest, Task<WebAnswer>> _answer;
    readonly X509Certificate2? _certificate;
    readonly CancellationTokenSource _end = new();
    readonly ConcurrentBag<Task> _served = [];
    readonly Task _accepting;

    /// <param name="tls">With the certificate for localhost of <see cref="TestCertificates"/>, or another.</param>
    public WebServer(Func<WebRequest, Task<WebAnswer>> answer, bool tls = false, int port = 0, (string Certificate, string Key)? certificate = null)
    {
        _answer = answer;
        var (own, key) = certificate ?? TestCertificates.Server;
        _certificate = tls ? X509Certificate2.CreateFromPem(own, key) : null;
        _listener = new(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public WebServer(Func<WebRequest, WebAnswer> answer, bool tls = false, int port = 0) : this(r => Task.FromResult(answer(r)), tls, port)
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"{(_certificate is null ? "http" : "https")}://localhost:{Port}";

    public ConcurrentQueue<WebRequest> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_served).WaitAsync(TimeSpan.FromSeconds(20));
        _certificate?.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _served.Add(ServeAsync(await _listener.AcceptSocketAsync(_end.Token)));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    async Task ServeAsync(Socket client)
    {
        await using var plain = new NetworkStream(client, ownsSocket: true);
        try
        {
            Stream stream = plain;
            if (_certificate is not null)
            {
                var tls = new SslStream(plain);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(_certificate, null, offline: true) }, _end.Token);
                stream = tls;
            }
            var request = await ReadAsync(stream);
            Requests.Enqueue(request);
            var answer = await _answer(request).WaitAsync(_end.Token);
            var body = Encoding.UTF8.GetBytes(answer.Body);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer.Status} X\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{answer.Headers}\r\n"), _end.Token);
            await stream.WriteAsync(body, _end.Token);
            await stream.FlushAsync(_end.Token);
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException or SocketException)
        {
        }
    }

    async Task<WebRequest> ReadAsync(Stream stream)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        async Task MoreAsync() => text.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, _end.Token) is > 0 and var count ? count : throw new IOException("the client has gone")));
        while (!text.ToString().Contains("\r\n\r\n"))
            await MoreAsync();
        var end = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = text.ToString()[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(h => h[0], h => h[^1], StringComparer.OrdinalIgnoreCase);
        var length = headers.TryGetValue("Content-Length", out var given) ? int.Parse(given) : 0;
        while (text.Length < end + 4 + length)
            await MoreAsync();
        return new(lines[0].Split(' ')[0], lines[0].Split(' ')[1], headers, text.ToString()[(end + 4)..]);
    }
}

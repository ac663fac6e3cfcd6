using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Sasl.Credentials.Tests.Ldap;

/// <summary>A server of the test's own, which does to each connection what the test says.</summary>
sealed class HostileServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentBag<Task> _served = [];
    readonly CancellationTokenSource _end = new();
    readonly Task _accepting;
    int _connections;

    /// <param name="serve">Gets each connection, and its number from 1.</param>
    public HostileServer(Func<NetworkStream, int, Task> serve)
    {
        _listener.Start();
        _accepting = AcceptAsync(serve);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"ldap://127.0.0.1:{Port}/";

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Answers each request with the bytes that the test makes of its number and operation; null: nothing.</summary>
    public static async Task AnswerAsync(Stream stream, Func<int, byte, byte[]?> answer)
    {
        var buffer = new byte[64 * 1024];
        var have = 0;
        while (await stream.ReadAsync(buffer.AsMemory(have)) is > 0 and var count)
        {
            have += count;
            // Requests of ours are short: one byte of length, or 0x81 and one, or 0x82 and two.
            while (have > 4)
            {
                var header = buffer[1] < 0x80 ? 2 : 2 + (buffer[1] & 0x7f);
                var length = buffer[1] < 0x80 ? buffer[1] : buffer.AsSpan(2, header - 2).ToArray().Aggregate(0, (n, b) => (n << 8) | b);
                if (have < header + length)
                    break;
                var idLength = buffer[header + 1];
                var id = buffer.AsSpan(header + 2, idLength).ToArray().Aggregate(0, (n, b) => (n << 8) | b);
                if (answer(id, buffer[header + 2 + idLength]) is { } bytes)
                    await stream.WriteAsync(bytes);
                have -= header + length;
                Array.Copy(buffer, header + length, buffer, 0, have);
            }
        }
    }

    public static async Task<SslStream> SecureAsync(Stream stream, (string Certificate, string Key) own)
    {
        var tls = new SslStream(stream);
        using var certificate = X509Certificate2.CreateFromPem(own.Certificate, own.Key);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) });
        return tls;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_served).WaitAsync(TimeSpan.FromSeconds(20));
    }

    async Task AcceptAsync(Func<NetworkStream, int, Task> serve)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                _served.Add(ServeAsync(client, serve, Interlocked.Increment(ref _connections)));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    async Task ServeAsync(Socket client, Func<NetworkStream, int, Task> serve, int number)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        try
        {
            await serve(stream, number).WaitAsync(_end.Token);
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
        }
    }
}

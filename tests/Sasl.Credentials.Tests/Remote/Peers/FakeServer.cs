using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Sasl.Credentials.Tests.Remote.Peers;

/// <summary>A server that says what the test wants, on a port of its own; each connection is a new play.</summary>
sealed class FakeServer : IAsyncDisposable
{
    readonly TcpListener _listener;
    readonly ConcurrentBag<FakeClient> _clients = [];
    readonly Task _accepting;

    public FakeServer(Func<FakeClient, Task> play, IPAddress? address = null)
    {
        _listener = new(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _accepting = AcceptAsync(play);
    }

    /// <summary>Says these texts, after each one (but the last) a line of the client is read.</summary>
    public static FakeServer Saying(params string[] texts) => new(client => client.SayAsync(texts));

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => _clients.Count;

    /// <summary>All that came, on all connections.</summary>
    public string Received => string.Concat(_clients.Select(c => c.Received));

    /// <summary>An address of this machine that is not the loopback's.</summary>
    public static IPAddress OwnAddress() => NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)
        .First(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var client in _clients)
            client.Dispose();
    }

    async Task AcceptAsync(Func<FakeClient, Task> play)
    {
        while (true)
        {
            FakeClient client;
            try
            {
                client = new(await _listener.AcceptSocketAsync());
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            _clients.Add(client);
            _ = PlayAsync(client, play);
        }
    }

    static async Task PlayAsync(FakeClient client, Func<FakeClient, Task> play)
    {
        try
        {
            await play(client);
            await client.DrainAsync();
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // Our client has left, or did not want this server's certificate.
        }
        finally
        {
            client.Dispose();
        }
    }
}

/// <summary>The server's end of one connection.</summary>
sealed class FakeClient(Socket socket) : IDisposable
{
    readonly StringBuilder _received = new();
    Stream _stream = new NetworkStream(socket, ownsSocket: true);

    public string Received
    {
        get
        {
            lock (_received)
                return _received.ToString();
        }
    }

    public Task SendAsync(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>One line without its end; IOException when there is no more.</summary>
    public async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (line is not { Length: > 0 } || line[^1] != '\n')
            line.Append((char)(await ReadAsync(1))[0]);
        return line.ToString().TrimEnd('\r', '\n');
    }

    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await _stream.ReadAsync(bytes.AsMemory(at));
            if (read == 0)
                throw new IOException("the client has left");
            Keep(bytes.AsSpan(at, read));
            at += read;
        }
        return bytes;
    }

    public async Task SayAsync(params string[] texts)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            if (i > 0)
                await ReadLineAsync();
            await SendAsync(texts[i]);
        }
    }

    public async Task StartTlsAsync(Authority authority)
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(authority.Server);
        _stream = tls;
    }

    /// <summary>Reads what else comes.</summary>
    public async Task DrainAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        var block = new byte[4096];
        while (await _stream.ReadAsync(block) is > 0 and var count)
            Keep(block.AsSpan(0, count));
    }

    public void Dispose() => _stream.Dispose();

    void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_received)
            _received.Append(Encoding.Latin1.GetString(bytes));
    }
}

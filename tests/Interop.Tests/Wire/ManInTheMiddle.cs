using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Interop.Tests.Wire;

/// <summary>
/// Sits between a mail client and a server, breaks TLS open with a certificate of its own, and passes everything on: a client that takes
/// any certificate does not notice. It can change what the server says.
/// </summary>
sealed class ManInTheMiddle : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Func<string, string> _change;
    readonly int _serverPort;

    /// <param name="serverPort">To whom everything goes.</param>
    /// <param name="change">Applied to each line of the server.</param>
    public ManInTheMiddle(int serverPort, Func<string, string>? change = null)
    {
        (_serverPort, _change) = (serverPort, change ?? (line => line));
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient tcp;
            try
            {
                tcp = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = Task.Run(() => PassOnAsync(tcp));
        }
    }

    async Task PassOnAsync(TcpClient tcp)
    {
        try
        {
            await using var client = new Lines(tcp.GetStream());
            await using var server = new Lines(new TcpClient("127.0.0.1", _serverPort).GetStream());
            await PassOnAsync(client, server);
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // One side has hung up.
        }
    }

    async Task PassOnAsync(Lines client, Lines server)
    {
        var answers = AnswerAsync(client, server, untilGoAhead: true);
        while (await client.ReadAsync() is { } line)
        {
            await server.WriteAsync(line);
            if (!line.EndsWith("STARTTLS", StringComparison.OrdinalIgnoreCase))
                continue;
            await answers;
            var (tls, onward) = (new SslStream(client.Stream), new SslStream(server.Stream, false, (_, _, _, _) => true));
            await tls.AuthenticateAsServerAsync(Certificates.Middle);
            await onward.AuthenticateAsClientAsync("localhost");
            (client.Stream, server.Stream) = (tls, onward);
            answers = AnswerAsync(client, server, untilGoAhead: false);
        }
        await server.DisposeAsync();
        await answers;
    }

    /// <summary>Passes the server's lines on; before TLS only as far as the go-ahead, so that no TLS is taken for a line.</summary>
    async Task AnswerAsync(Lines client, Lines server, bool untilGoAhead)
    {
        while (await server.ReadAsync() is { } line)
        {
            await client.WriteAsync(_change(line));
            if (untilGoAhead && line.EndsWith("go ahead", StringComparison.Ordinal))
                return;
        }
        await client.DisposeAsync();
    }

    public ValueTask DisposeAsync()
    {
        _listener.Stop();
        return ValueTask.CompletedTask;
    }
}

using System.Net;
using System.Net.Sockets;
using Testing;

namespace MailServers.Tests.Smtp;

/// <summary>A client on a real TCP connection that has read the greeting.</summary>
sealed class SmtpTestClient : IAsyncDisposable
{
    readonly NetworkStream _stream;

    SmtpTestClient(NetworkStream stream) => _stream = stream;

    public static async Task<SmtpTestClient> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var client = new SmtpTestClient(new NetworkStream(socket, ownsSocket: true));
        await client.PlayAsync("S: 220 *\n");
        return client;
    }

    public Stream Stream => _stream;

    public Task PlayAsync(string script, Pace pace = Pace.Whole) => Dialogue.PlayAsync(_stream, script, pace);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}

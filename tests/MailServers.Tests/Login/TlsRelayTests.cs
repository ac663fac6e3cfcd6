using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using MailServers.Login;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;

namespace MailServers.Tests.Login;

/// <summary>A real TLS client over TCP, the relay, and the worker's end of a socket pair.</summary>
public sealed class TlsRelayTests : IAsyncLifetime
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    readonly CancellationTokenSource _stop = new();
    SslStream _client = null!, _server = null!;
    Socket _clientSocket = null!, _serverSocket = null!, _ours = null!, _worker = null!;

    public async Task InitializeAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _clientSocket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await _clientSocket.ConnectAsync(listener.LocalEndPoint!);
        _serverSocket = await listener.AcceptAsync();
        _server = new SslStream(new NetworkStream(_serverSocket, ownsSocket: false));
        var accepting = _server.AuthenticateAsServerAsync(ServerTls.FromPem(LoginHouse.Pem, LoginHouse.Pem));
        _client = await LoginHouse.HandshakeAsync(_clientSocket);
        await accepting;
        (_ours, _worker) = Descriptors.Pair(SocketType.Stream);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        _serverSocket.Dispose();
        _ours.Dispose();
        _worker.Dispose();
    }

    Task<RelayTotals> Relay(TimeSpan? writeTimeout = null) => TlsRelay.RunAsync(_server, _ours, writeTimeout ?? _patience, _stop.Token);

    static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        var all = new MemoryStream();
        await stream.CopyToAsync(all).WaitAsync(_patience);
        return all.ToArray();
    }

    [Fact]
    public async Task Large_transfers_both_ways_at_once_arrive_whole()
    {
        var up = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);
        var down = RandomNumberGenerator.GetBytes(9 * 1024 * 1024);
        var relay = Relay();
        await using var worker = new NetworkStream(_worker, ownsSocket: false);
        var sendUp = Task.Run(async () =>
        {
            await _client.WriteAsync(up);
            await _client.ShutdownAsync();
        });
        var sendDown = Task.Run(() => worker.WriteAsync(down).AsTask());
        var receiveUp = ReadToEndAsync(worker);
        var got = new byte[down.Length];
        var receiveDown = Task.Run(() => _client.ReadExactlyAsync(got).AsTask());
        await Task.WhenAll(sendUp, sendDown, receiveUp, receiveDown).WaitAsync(_patience);
        var gotUp = await receiveUp;
        Assert.True(up.AsSpan().SequenceEqual(gotUp));
        Assert.True(down.AsSpan().SequenceEqual(got));
        _worker.Shutdown(SocketShutdown.Both);
        Assert.Equal(new(up.Length, down.Length), await relay.WaitAsync(_patience));
    }

    [Fact]
    public async Task A_client_that_says_it_is_done_still_gets_its_answer()
    {
        var relay = Relay();
        await using var worker = new NetworkStream(_worker, ownsSocket: false);
        await _client.WriteAsync("QUIT\r\n"u8.ToArray());
        await _client.ShutdownAsync();
        Assert.Equal("QUIT\r\n"u8.ToArray(), await ReadToEndAsync(worker));
        Assert.False(relay.IsCompleted);
        await worker.WriteAsync("+OK Logging out.\r\n"u8.ToArray());
        _worker.Shutdown(SocketShutdown.Both);
        await relay.WaitAsync(_patience);
        var got = new byte[18];
        await _client.ReadExactlyAsync(got).AsTask().WaitAsync(_patience);
        Assert.Equal("+OK Logging out.\r\n"u8.ToArray(), got);
    }

    [Fact]
    public async Task The_worker_ends_the_session_whatever_the_client_does()
    {
        var relay = Relay();
        await _worker.SendAsync("* BYE\r\n"u8.ToArray());
        _worker.Dispose();
        Assert.Equal(new(0, 7), await relay.WaitAsync(_patience));
    }

    [Fact]
    public async Task A_client_that_breaks_ends_the_session()
    {
        var relay = Relay();
        _clientSocket.LingerState = new LingerOption(true, 0);
        _clientSocket.Dispose();
        // The worker sees the end as soon as the relay lets go of its own end.
        await Task.WhenAny(relay, Task.Run(async () => await _worker.ReceiveAsync(new byte[1])));
        _worker.Dispose();
        await relay.WaitAsync(_patience);
    }

    [Fact]
    public async Task A_slow_reader_stops_the_worker_and_loses_nothing()
    {
        var relay = Relay();
        var down = RandomNumberGenerator.GetBytes(32 * 1024 * 1024);
        await using var worker = new NetworkStream(_worker, ownsSocket: false);
        var sending = Task.Run(() => worker.WriteAsync(down).AsTask());
        await Task.WhenAny(sending, Task.Delay(300));
        Assert.False(sending.IsCompleted);
        var got = new byte[down.Length];
        await _client.ReadExactlyAsync(got).AsTask().WaitAsync(_patience);
        await sending.WaitAsync(_patience);
        Assert.True(down.AsSpan().SequenceEqual(got));
        _worker.Dispose();
        await relay.WaitAsync(_patience);
    }

    [Fact]
    public async Task A_client_that_never_reads_is_given_up()
    {
        var relay = Relay(TimeSpan.FromMilliseconds(300));
        await using var worker = new NetworkStream(_worker, ownsSocket: false);
        var sending = Task.Run(() => worker.WriteAsync(new byte[64 * 1024 * 1024]).AsTask());
        await relay.WaitAsync(_patience);
        _ours.Dispose();
        await Assert.ThrowsAsync<IOException>(() => sending.WaitAsync(_patience));
    }

    [Fact]
    public async Task The_drains_deadline_ends_the_relay()
    {
        var relay = Relay();
        await _client.WriteAsync("x"u8.ToArray());
        var one = new byte[1];
        Assert.Equal(1, await _worker.ReceiveAsync(one));
        await _stop.CancelAsync();
        Assert.Equal(new(1, 0), await relay.WaitAsync(_patience));
    }
}

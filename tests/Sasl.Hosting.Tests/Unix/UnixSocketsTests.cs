using System.Net.Sockets;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Hosting.Tests.Unix;

public sealed class UnixSocketsTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task A_full_backlog_is_waited_for()
    {
        using var listener = UnixSockets.Listen(_directory["socket"], 0x1FF, backlog: 1);
        var connected = new List<Socket>();
        var connecting = new List<Task<Socket>>();
        for (var i = 0; i < 5; i++)
            connecting.Add(UnixSockets.ConnectAsync(_directory["socket"], CancellationToken.None).AsTask());
        Assert.Contains(connecting, c => !c.IsCompleted);
        for (var i = 0; i < 5; i++)
            connected.Add(await listener.AcceptAsync());
        connected.AddRange(await Task.WhenAll(connecting).WaitAsync(TimeSpan.FromSeconds(20)));
        connected.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task The_caller_can_stop_waiting()
    {
        using var listener = UnixSockets.Listen(_directory["socket"], 0x1FF, backlog: 0);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var connecting = Enumerable.Range(0, 3).Select(_ => UnixSockets.ConnectAsync(_directory["socket"], stop.Token).AsTask()).ToArray();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(connecting));
        foreach (var connected in connecting.Where(c => c.IsCompletedSuccessfully))
            (await connected).Dispose();
    }

    [Fact]
    public void A_peer_that_only_stops_sending_has_not_hung_up()
    {
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using (server)
        {
            Assert.False(UnixSockets.HasHungUp(server));
            client.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, server.Receive(new byte[1]));
            Assert.False(UnixSockets.HasHungUp(server));
            client.Dispose();
            Assert.True(UnixSockets.HasHungUp(server));
        }
    }

    public void Dispose() => _directory.Dispose();
}

using System.Net.Sockets;
using Sasl.Hosting.Unix;
using Saslauthd.Requests;

namespace Sasl.Credentials.Tests.Saslauthd;

public sealed class SilentConnectionsTests
{
    [Fact]
    public async Task The_oldest_goes_when_there_are_too_many_and_a_flood_is_one_line()
    {
        var (log, time) = (new ListLog(), new ManualTime());
        var silent = new SilentConnections(2, log, time);
        var pairs = Enumerable.Range(0, 5).Select(_ => Descriptors.Pair(SocketType.Stream)).ToArray();
        foreach (var (_, server) in pairs[..4])
            silent.Add(server);
        Assert.Equal(2, silent.Count);
        Assert.Equal(0, await pairs[0].Item1.ReceiveAsync(new byte[1]));
        Assert.Equal(0, await pairs[1].Item1.ReceiveAsync(new byte[1]));
        Assert.Equal(["Warning|ipc_loop        : too many silent connections, closed 1 of the oldest"], log.Lines);
        time.Now += TimeSpan.FromSeconds(11);
        silent.Add(pairs[4].Item2);
        Assert.EndsWith("closed 2 of the oldest", log.Lines[^1]);
        foreach (var (client, server) in pairs)
        {
            client.Dispose();
            server.Dispose();
        }
    }

    [Fact]
    public void Who_has_spoken_no_longer_counts()
    {
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using (client)
        using (server)
        {
            var silent = new SilentConnections(1, new ListLog(), TimeProvider.System);
            var node = silent.Add(server);
            silent.Remove(node);
            silent.Remove(node);
            Assert.Equal(0, silent.Count);
        }
    }
}

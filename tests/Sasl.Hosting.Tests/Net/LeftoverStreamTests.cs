using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;

namespace Sasl.Hosting.Tests.Net;

public sealed class LeftoverStreamTests
{
    [Fact]
    public async Task Bytes_that_came_along_are_read_before_the_sockets_and_a_line_may_span_both()
    {
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using var _ = client;
        await using var connection = new Connection(server, Encoding.ASCII.GetBytes("one\r\ntw"));
        Assert.Equal("one", (await connection.Reader.ReadLineAsync(100)).ToString());
        await client.SendAsync(Encoding.ASCII.GetBytes("o\r\nthree\r\n"));
        Assert.Equal("two", (await connection.Reader.ReadLineAsync(100)).ToString());
        Assert.Equal("three", (await connection.Reader.ReadLineAsync(100)).ToString());
        connection.WriteLine("answer");
        Assert.True(await connection.FlushAsync());
        var buffer = new byte[100];
        Assert.Equal("answer\r\n", Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer)));
    }

    [Fact]
    public async Task Bytes_that_came_along_are_read_though_the_peer_has_gone()
    {
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        await using var connection = new Connection(server, Encoding.ASCII.GetBytes("QUIT\r\n"));
        client.Dispose();
        Assert.Equal("QUIT", (await connection.Reader.ReadLineAsync(100)).ToString());
        Assert.Equal(LineStatus.Closed, (await connection.Reader.ReadLineAsync(100)).Status);
    }
}

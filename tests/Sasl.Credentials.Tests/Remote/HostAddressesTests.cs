using System.Net;
using System.Net.Sockets;
using Sasl.Credentials.Remote;

namespace Sasl.Credentials.Tests.Remote;

public sealed class HostAddressesTests
{
    static readonly IPAddress _first = IPAddress.Parse("192.0.2.1"), _second = IPAddress.Parse("192.0.2.2");

    readonly ManualTime _time = new();
    int _asked;

    [Fact]
    public async Task They_are_remembered_for_a_minute_and_then_looked_up_again()
    {
        var addresses = new HostAddresses("h", _ => Task.FromResult(new[] { ++_asked == 1 ? _first : _second }), _time);
        Assert.Equal([_first], await addresses.FindAsync(default));
        Assert.Equal([_first], await addresses.FindAsync(default));
        _time.Now += TimeSpan.FromSeconds(61);
        Assert.Equal([_second], await addresses.FindAsync(default));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_name_server_that_is_down_leaves_the_known_ones()
    {
        var addresses = new HostAddresses("h", _ => ++_asked == 1 ? Task.FromResult(new[] { _first }) : throw new SocketException((int)SocketError.TryAgain), _time);
        await addresses.FindAsync(default);
        _time.Now += TimeSpan.FromSeconds(61);
        Assert.Equal([_first], await addresses.FindAsync(default));
        Assert.Equal([_first], await addresses.FindAsync(default));
        Assert.Equal(3, _asked);
    }

    [Fact]
    public async Task A_name_without_addresses_is_an_error_and_asked_again()
    {
        var addresses = new HostAddresses("h", _ => Task.FromResult(++_asked == 1 ? Array.Empty<IPAddress>() : [_first]), _time);
        await Assert.ThrowsAsync<SocketException>(() => addresses.FindAsync(default));
        Assert.Equal([_first], await addresses.FindAsync(default));
    }

    [Fact]
    public async Task Many_who_wait_ask_once()
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        var addresses = new HostAddresses("h", _ =>
        {
            Interlocked.Increment(ref _asked);
            return answer.Task;
        }, _time);
        var waiting = Enumerable.Range(0, 20).Select(_ => addresses.FindAsync(default)).ToArray();
        answer.SetResult([_first]);
        await Task.WhenAll(waiting);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task Who_waits_may_give_up()
    {
        var addresses = new HostAddresses("h", _ => new TaskCompletionSource<IPAddress[]>().Task, _time);
        using var stop = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => addresses.FindAsync(stop.Token));
    }

    [Fact]
    public async Task An_address_is_not_looked_up()
    {
        var addresses = new HostAddresses("192.0.2.1", _ => throw new InvalidOperationException(), _time);
        Assert.Equal([_first], await addresses.FindAsync(default));
    }
}

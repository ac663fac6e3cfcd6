using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Metrics;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Hosting.Tests.Metrics;

public sealed class MetricsServerTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Cancel();
        _directory.Dispose();
    }

    async Task<string> AskAsync()
    {
        using var socket = await UnixSockets.ConnectAsync(_directory["metrics"], CancellationToken.None);
        using var text = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
        return await text.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Whoever_connects_is_told_the_text_and_the_end()
    {
        using var listener = UnixSockets.Listen(_directory["metrics"], 0x180);
        using var sums = MetricsServer.Start(listener, _stop.Token);
        using var meter = new Meter("Sasl.Test.Server");
        meter.CreateCounter<long>("test.served", "{one}", "S.").Add(7);
        Assert.Contains("test_served_total 7\n", await AskAsync());
        Assert.Contains("test_served_total 7\n", await AskAsync());
    }

    [Fact]
    public async Task Those_who_take_nothing_hold_up_nobody_for_long()
    {
        using var listener = UnixSockets.Listen(_directory["metrics"], 0x180);
        using var sums = MetricsServer.Start(listener, _stop.Token);
        using var meter = new Meter("Sasl.Test.Slow");
        var counter = meter.CreateCounter<long>("test.slow", "{one}", "S.");
        // More text than a socket's buffer takes.
        for (var i = 0; i < 100; i++)
            counter.Add(1, new KeyValuePair<string, object?>("kind", new string('x', 5000) + i));
        using var silent = await UnixSockets.ConnectAsync(_directory["metrics"], CancellationToken.None);
        Assert.Contains("kind=\"" + new string('x', 5000) + "99\"} 1\n", await AskAsync());
    }

    [Fact]
    public async Task After_the_stop_nobody_is_accepted_any_more()
    {
        using var listener = UnixSockets.Listen(_directory["metrics"], 0x180);
        using var sums = new InstrumentSums();
        var serving = MetricsServer.RunAsync(listener, sums, _stop.Token);
        await _stop.CancelAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Without_a_socket_there_is_nothing() => Assert.Null(MetricsServer.Start(null, _stop.Token));
}

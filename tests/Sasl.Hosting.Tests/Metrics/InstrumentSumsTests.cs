using System.Diagnostics.Metrics;
using Sasl.Hosting.Metrics;

namespace Sasl.Hosting.Tests.Metrics;

public sealed class InstrumentSumsTests : IDisposable
{
    readonly InstrumentSums _sums = new();
    readonly Meter _meter = new("Sasl.Test");

    /// <summary>What is told of this test's meter; other tests measure at the same time.</summary>
    string Text(string name) => string.Concat(_sums.ToText().Split('\n').Where(l => l.Contains(name)).Select(l => l + "\n"));

    public void Dispose()
    {
        _sums.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Sums_are_told_by_attributes_in_Prometheus_text()
    {
        var counter = _meter.CreateCounter<long>("test.answers", "{answer}", "Answers.");
        counter.Add(1, new("mechanism", "PLAIN"), new("outcome", "ok"));
        counter.Add(2, new("mechanism", "PLAIN"), new("outcome", "ok"));
        counter.Add(1, new("mechanism", "LOGIN"), new("outcome", "ok"));
        Assert.Equal("""
            # HELP test_answers_total Answers.
            # TYPE test_answers_total counter
            test_answers_total{mechanism="PLAIN",outcome="ok"} 3
            test_answers_total{mechanism="LOGIN",outcome="ok"} 1

            """, Text("test_answers"));
    }

    [Fact]
    public void What_goes_up_and_down_is_a_gauge()
    {
        var active = _meter.CreateUpDownCounter<long>("test.active", "{one}", "Active.");
        active.Add(5);
        active.Add(-2);
        Assert.Equal("# HELP test_active Active.\n# TYPE test_active gauge\ntest_active 3\n", Text("test_active"));
    }

    [Fact]
    public void A_value_is_escaped()
    {
        _meter.CreateCounter<long>("test.escaped", "{one}", "E.").Add(1, new KeyValuePair<string, object?>("child", "a\"b\\c\nd"));
        Assert.Contains("test_escaped_total{child=\"a\\\"b\\\\c\\nd\"} 1\n", Text("test_escaped"));
    }

    [Fact]
    public void However_many_attributes_come_the_sums_are_bounded()
    {
        var counter = _meter.CreateCounter<long>("test.many", "{one}", "M.");
        for (var i = 0; i < 1000; i++)
            counter.Add(1, new KeyValuePair<string, object?>("child", i.ToString()));
        var lines = Text("test_many_total").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2 + 100 + 1, lines.Length);
        Assert.Equal("test_many_total{overflow=\"true\"} 900", lines[^1]);
    }

    [Fact]
    public void Measuring_allocates_nothing()
    {
        var counter = _meter.CreateCounter<long>("test.hot", "{one}", "H.");
        void Measure() => counter.Add(1, new("mechanism", "PLAIN"), new("outcome", "ok"));
        for (var i = 0; i < 1000; i++)
            Measure();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            Measure();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Measurements_of_many_threads_are_all_counted()
    {
        var counter = _meter.CreateCounter<long>("test.threads", "{one}", "T.");
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 1_000_000; i++)
                counter.Add(1, new KeyValuePair<string, object?>("kind", i % 2 == 0 ? "even" : "odd"));
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Contains("test_threads_total{kind=\"even\"} 2000000\n", Text("test_threads"));
        Assert.Contains("test_threads_total{kind=\"odd\"} 2000000\n", Text("test_threads"));
    }

    [Fact]
    public void The_platforms_own_meters_are_not_told()
    {
        using var foreign = new Meter("System.Test");
        foreign.CreateCounter<long>("foreign.count").Add(1);
        Assert.DoesNotContain("foreign", _sums.ToText());
    }
}

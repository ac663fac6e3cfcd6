using System.Collections.Concurrent;
using MailServers.Queue;
using MailServers.Queue.Bounce;
using MailServers.Queue.Routing;
using MailServers.Queue.Schedule;
using MailServers.Queue.Store;
using Microsoft.Extensions.Logging;
using Testing;

namespace MailServers.Tests.Queue.Schedule;

public sealed class SchedulerTests : IAsyncDisposable
{
    /// <summary>Answers each delivery as the test says, when the test lets it.</summary>
    sealed class Stub(ILogger log) : ITransport
    {
        public ConcurrentQueue<(string NextHop, string Id)> Seen { get; } = new();

        public ConcurrentDictionary<string, int> Busy { get; } = new();

        public int MostBusy;

        public SemaphoreSlim Go { get; } = new(0);

        public bool IsFree { get; set; } = true;

        public Func<Recipient, DeliveryResult> Answer { get; set; } = r => new(r, Verdict.Sent, "2.0.0", "ok");

        public int RecipientsPerDelivery => 50;

        public int InitialConcurrency => 2;

        public int ConcurrencyLimit => 4;

        public ILogger Log => log;

        public async Task<IReadOnlyList<DeliveryResult>> DeliverAsync(Delivery delivery, CancellationToken stop)
        {
            Seen.Enqueue((delivery.NextHop, delivery.Message.Id));
            MostBusy = Math.Max(MostBusy, Busy.AddOrUpdate(delivery.NextHop, 1, (_, n) => n + 1));
            if (!IsFree)
                await Go.WaitAsync(stop);
            Busy.AddOrUpdate(delivery.NextHop, 0, (_, n) => n - 1);
            return [.. delivery.Recipients.Select(Answer)];
        }
    }

    readonly TemporaryDirectory _directory = new();
    readonly ManualTime _time = new();
    readonly LogLines _log = new();
    readonly CancellationTokenSource _stop = new();
    readonly QueueDirectory _queue;
    readonly Stub _smtp;
    Scheduler _scheduler = null!;
    Task _running = Task.CompletedTask;

    public SchedulerTests()
    {
        _queue = QueueDirectory.Open(_directory["spool"], _time);
        _smtp = new(_log.Named("smtp"));
    }

    void Start(QueueSettings? settings = null)
    {
        settings ??= new();
        var settlement = new Settlement(_queue, settings, new Router(settings.Routing, settings.Origin), new Reporter(_queue, settings, _log.Loggers, _time), _log.Loggers, _time);
        _scheduler = new(_queue, settings, new Router(settings.Routing, settings.Origin), new Dictionary<string, ITransport> { ["smtp"] = _smtp, ["retry"] = _smtp }, settlement, _log.Loggers, _time);
        _running = _scheduler.RunAsync(TimeSpan.FromSeconds(10), _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _smtp.Go.Release(10000);
        await _running;
        _queue.Dispose();
        _directory.Dispose();
    }

    async Task<string> AddAsync(string recipients, string sender = "s@example.net", bool accept = true)
    {
        using var message = _queue.Create(new(sender, _time.GetUtcNow()) { Recipients = [.. recipients.Split(' ').Select(r => new Recipient(r))] });
        message.Write("Subject: x\r\n\r\nbody\r\n"u8);
        var id = (await message.CommitAsync()).Id;
        // The kernel's clock is not the test's.
        _queue.Defer(id, _time.GetUtcNow());
        if (accept)
            _scheduler.Accept(id);
        return id;
    }

    Task IdleAsync() => Eventually.TrueAsync(() => _scheduler.ActiveCount == 0, $"nothing is active; log:\n{_log}");

    /// <summary>Moves the clock when the scheduler has set its alarm: before that the alarm would be set too late.</summary>
    async Task AdvanceAsync(TimeSpan by)
    {
        await Eventually.TrueAsync(() => _time.Waiting > 0, "the scheduler waits");
        _time.Advance(by);
    }

    [Fact]
    public async Task A_delivered_message_is_logged_and_gone()
    {
        Start();
        var id = await AddAsync("r@a.test");
        await IdleAsync();
        Assert.Empty(_queue.Scan());
        Assert.True(_log.Has($"qmgr: {id}: from=<s@example.net>, size=20, nrcpt=1 (queue active)"), _log.ToString());
        Assert.True(_log.Has($"smtp: {id}: to=<r@a.test>, relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (ok)"), _log.ToString());
        Assert.True(_log.Has($"qmgr: {id}: removed"));
    }

    [Fact]
    public async Task Waits_grow_with_the_age_and_the_sender_hears_of_the_end()
    {
        _smtp.Answer = r => new(r, Verdict.Deferred, "4.0.0", "not now");
        Start();
        var id = await AddAsync("r@a.test");
        await IdleAsync();
        var tries = new List<double>();
        var began = _time.GetUtcNow();
        for (var step = 0; step < 3000 && _queue.Scan().Any(m => m.Id == id); step++)
        {
            var before = _smtp.Seen.Count(s => s.Id == id);
            var due = _queue.Scan().First(m => m.Id == id).Due;
            await AdvanceAsync(TimeSpan.FromSeconds(300));
            if (due > _time.GetUtcNow())
                continue;
            await Eventually.TrueAsync(() => _smtp.Seen.Count(s => s.Id == id) > before, "tried again");
            await IdleAsync();
            tries.Add((_time.GetUtcNow() - began).TotalSeconds);
        }
        Assert.Equal([300, 600, 1200, 2400, 4800], tries.Take(5));
        Assert.All(tries.Skip(5).Zip(tries.Skip(4)), pair => Assert.InRange(pair.First - pair.Second, 3900, 4500));
        Assert.InRange(tries[^1], 432000, 437000);
        Assert.True(_log.Has($"qmgr: {id}: from=<s@example.net>, status=expired, returned to sender"), _log.ToString());
        Assert.True(_log.Has($"bounce: {id}: sender non-delivery notification: *"));
    }

    [Fact]
    public async Task Nobody_waits_for_a_destination_that_is_busy()
    {
        _smtp.IsFree = false;
        Start();
        for (var i = 0; i < 50; i++)
            await AddAsync("r@slow.test");
        await AddAsync("r@quick.test");
        await Eventually.TrueAsync(() => _smtp.Seen.Any(s => s.NextHop == "quick.test"), "the quick one has its turn");
        Assert.Equal(2, _smtp.Seen.Count(s => s.NextHop == "slow.test"));
    }

    [Fact]
    public async Task Concurrency_grows_with_success_up_to_the_limit()
    {
        _smtp.IsFree = false;
        Start();
        for (var i = 0; i < 60; i++)
            await AddAsync("r@a.test");
        _smtp.Go.Release(60);
        await IdleAsync();
        Assert.Equal(60, _smtp.Seen.Count);
        Assert.InRange(_smtp.MostBusy, 2, 4);
    }

    [Fact]
    public async Task A_destination_that_is_down_is_left_alone_for_a_while()
    {
        _smtp.Answer = r => new(r, Verdict.Deferred, "4.4.1", "connect to mx: Connection refused") { IsDestinationDown = true };
        Start();
        await AddAsync("r@a.test");
        await IdleAsync();
        var second = await AddAsync("r2@a.test");
        await IdleAsync();
        Assert.Single(_smtp.Seen);
        Assert.True(_log.Has($"smtp: {second}: to=<r2@a.test>, *status=deferred (delivery temporarily suspended: connect to mx: Connection refused)"), _log.ToString());
        _smtp.Answer = r => new(r, Verdict.Sent, "2.0.0", "ok");
        _scheduler.Flush();
        await Eventually.TrueAsync(() => !_queue.Scan().Any(), "a flush delivers both at once");
    }

    [Fact]
    public async Task Only_a_bounded_number_is_active_and_the_others_follow()
    {
        _smtp.IsFree = false;
        Start(new QueueSettings { ActiveMessages = 10 });
        for (var i = 0; i < 100; i++)
            await AddAsync($"r@d{i}.test");
        Assert.InRange(_scheduler.ActiveCount, 1, 10);
        _smtp.IsFree = true;
        _smtp.Go.Release(1000);
        await Eventually.TrueAsync(() => !_queue.Scan().Any(), $"all are delivered; {_scheduler.ActiveCount} active");
        Assert.Equal(100, _smtp.Seen.Count);
    }

    [Fact]
    public async Task Recipients_part_ways_and_only_the_open_ones_are_tried_again()
    {
        _smtp.Answer = r => r.Address switch
        {
            "yes@a.test" => new(r, Verdict.Sent, "2.0.0", "ok"),
            "no@a.test" => new(r, Verdict.Bounced, "5.1.1", "unknown"),
            _ => new(r, Verdict.Deferred, "4.2.0", "later"),
        };
        Start();
        var id = await AddAsync("yes@a.test no@a.test later@a.test");
        await IdleAsync();
        await Eventually.TrueAsync(() => _queue.Load(id, out _)!.Recipients.Count(r => r.IsDone) == 2, "two are done");
        var bounce = _queue.Scan().Single(m => m.Id != id).Id;
        Assert.Equal(["s@example.net"], _queue.Load(bounce, out _)!.Recipients.Select(r => r.Address));
        _smtp.Seen.Clear();
        _smtp.Answer = r => new(r, Verdict.Sent, "2.0.0", "ok");
        _scheduler.Flush();
        await Eventually.TrueAsync(() => !_queue.Scan().Any(), "all is delivered");
        Assert.Equal(2, _smtp.Seen.Count);
    }

    [Fact]
    public async Task Double_bounce_is_dropped_with_a_log_line()
    {
        _smtp.Answer = r => new(r, Verdict.Bounced, "5.1.1", "unknown");
        Start();
        await AddAsync("r@a.test");
        await Eventually.TrueAsync(() => _log.Has("bounce: *: undeliverable bounce discarded: to=<s@example.net>: unknown") && !_queue.Scan().Any(), $"the bounce of the bounce is gone; log:\n{_log}");
    }

    [Fact]
    public async Task The_sender_is_told_once_that_a_message_is_late()
    {
        _smtp.Answer = r => r.Address == "s@example.net" ? new(r, Verdict.Sent, "2.0.0", "ok") : new(r, Verdict.Deferred, "4.0.0", "not now");
        Start(new QueueSettings { DelayWarning = TimeSpan.FromHours(1) });
        var id = await AddAsync("r@a.test");
        await IdleAsync();
        for (var i = 0; i < 3; i++)
        {
            var seen = _smtp.Seen.Count(s => s.Id == id);
            await AdvanceAsync(TimeSpan.FromHours(2));
            await Eventually.TrueAsync(() => _smtp.Seen.Count(s => s.Id == id) > seen, "tried again");
            await IdleAsync();
        }
        Assert.Single(_log.All, line => line.Contains("sender delay notification"));
        Assert.Equal([id], _queue.Scan().Select(m => m.Id));
    }

    [Fact]
    public async Task A_drain_ends_what_is_under_way_and_starts_nothing_new()
    {
        _smtp.IsFree = false;
        Start();
        var first = await AddAsync("r@a.test");
        await Eventually.TrueAsync(() => _smtp.Seen.Count == 1, "started");
        await _stop.CancelAsync();
        await Task.Delay(50);
        var second = await AddAsync("r@b.test");
        _smtp.Go.Release(10);
        await _running;
        Assert.Equal([second], _queue.Scan().Select(m => m.Id));
        Assert.True(_log.Has($"qmgr: {first}: removed"));
        Assert.Single(_smtp.Seen);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.004, "0")]
    [InlineData(0.049, "0.05")]
    [InlineData(0.1, "0.1")]
    [InlineData(1.26, "1.3")]
    [InlineData(12.4, "12")]
    [InlineData(4711.7, "4712")]
    public void Delays_have_two_digits(double seconds, string text) => Assert.Equal(text, Delays.Format(TimeSpan.FromSeconds(seconds)));
}

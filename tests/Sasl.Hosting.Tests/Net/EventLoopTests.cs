using System.Collections.Concurrent;
using System.Net.Sockets;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Hosting.Tests.Net;

public sealed class EventLoopTests : IDisposable
{
    readonly ConcurrentQueue<Exception> _failed = new();
    readonly EventLoop _loop;
    readonly Socket _near, _far;

    public EventLoopTests()
    {
        _loop = EventLoop.Start("test", _failed.Enqueue);
        (_near, _far) = Descriptors.Pair(SocketType.Stream);
    }

    [Fact]
    public async Task What_comes_is_heard_on_the_loops_thread_and_so_is_the_end()
    {
        var heard = new Listener(_far, readsAll: true);
        _loop.Watch(_far.SafeHandle, heard);
        await _near.SendAsync("hello"u8.ToArray());
        await Eventually.TrueAsync(() => heard.Bytes == 5, "five bytes are heard");
        _near.Shutdown(SocketShutdown.Send);
        await Eventually.TrueAsync(() => heard.Events.Any(e => e.HasFlag(DescriptorEvents.ReadClosed) && !e.HasFlag(DescriptorEvents.HungUp)), "the end of sending");
        _near.Dispose();
        await Eventually.TrueAsync(() => heard.Events.Any(e => e.HasFlag(DescriptorEvents.HungUp)), "the end");
        Assert.Equal(["test"], heard.Threads.Distinct());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task What_is_left_unread_is_told_again_only_to_who_wants_so(bool everyTime, bool again)
    {
        var heard = new Listener(_far, readsAll: false);
        _loop.Watch(_far.SafeHandle, heard, everyTime);
        await _near.SendAsync("hello"u8.ToArray());
        await Eventually.TrueAsync(() => !heard.Events.IsEmpty, "it is heard");
        var until = _loop.Ticks + 3;
        await Eventually.TrueAsync(() => _loop.Ticks > until, "time passes");
        Assert.Equal(again, heard.Events.Count > 1);
    }

    [Fact]
    public async Task Who_is_forgotten_hears_nothing_and_may_come_back()
    {
        var heard = new Listener(_far, readsAll: true);
        var key = _loop.Watch(_far.SafeHandle, heard, everyTime: true);
        _loop.Unwatch(key, _far.SafeHandle);
        await _near.SendAsync("hello"u8.ToArray());
        var until = _loop.Ticks + 2;
        await Eventually.TrueAsync(() => _loop.Ticks > until, "time passes");
        Assert.Empty(heard.Events);
        _loop.Watch(_far.SafeHandle, heard, everyTime: true);
        await Eventually.TrueAsync(() => heard.Bytes == 5, "it is heard now");
    }

    [Fact]
    public async Task A_bug_in_one_is_told_and_the_others_go_on()
    {
        _loop.Watch(_far.SafeHandle, new Broken());
        await _near.SendAsync("x"u8.ToArray());
        await Eventually.TrueAsync(() => !_failed.IsEmpty, "it is told");
        var done = new TaskCompletionSource();
        _loop.Post(() => throw new InvalidOperationException("posted"));
        _loop.Post(done.SetResult);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["watched", "posted"], _failed.Select(f => f.Message));
    }

    [Fact]
    public async Task Without_anything_to_wait_for_it_sleeps()
    {
        _loop.NeedsTicks = () => false;
        var done = new TaskCompletionSource();
        _loop.Post(done.SetResult);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var ticks = _loop.Ticks;
        await Task.Delay(EventLoop.TickInterval * 4);
        Assert.InRange(_loop.Ticks, ticks, ticks + 1);
    }

    public void Dispose()
    {
        _loop.Dispose();
        _near.Dispose();
        _far.Dispose();
    }

    sealed class Listener(Socket socket, bool readsAll) : IWatched
    {
        readonly byte[] _buffer = new byte[100];

        public ConcurrentQueue<DescriptorEvents> Events { get; } = new();

        public ConcurrentQueue<string?> Threads { get; } = new();

        public int Bytes { get; private set; }

        public void OnEvents(DescriptorEvents events)
        {
            Threads.Enqueue(Thread.CurrentThread.Name);
            while (readsAll && RawSockets.Receive(socket.SafeHandle, _buffer) is var count and > 0)
                Bytes += count;
            Events.Enqueue(events);
        }
    }

    sealed class Broken : IWatched
    {
        public void OnEvents(DescriptorEvents events) => throw new InvalidOperationException("watched");
    }
}

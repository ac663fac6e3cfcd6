using Saslauthd.Requests;

namespace Sasl.Credentials.Tests.Saslauthd;

public sealed class SilentConnectionsTests
{
    static readonly MuxDeadlines Deadlines = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));

    readonly ListLog _log = new();
    readonly ManualTime _time = new();
    readonly List<string> _dropped = [];

    [Fact]
    public void The_oldest_goes_when_there_are_too_many_and_a_flood_is_one_line()
    {
        var silent = new SilentConnections(2, Deadlines, _log, _time);
        silent.Add(New("a"), isClosing: false);
        foreach (var (name, isClosing) in new[] { ("b", true), ("c", false), ("d", true) })
        {
            _time.Now += TimeSpan.FromMilliseconds(1);
            silent.Add(New(name), isClosing);
        }
        Assert.Equal(2, silent.Count);
        Assert.Equal(["a", "b"], _dropped);
        Assert.Equal(["Warning|ipc_loop        : too many silent connections, closed 1 of the oldest"], _log.Lines);
        _time.Now += TimeSpan.FromSeconds(11);
        silent.Add(New("e"), isClosing: false);
        Assert.EndsWith("closed 2 of the oldest", _log.Lines[^1]);
    }

    [Fact]
    public void Each_has_its_deadline()
    {
        var silent = new SilentConnections(10, Deadlines, _log, _time);
        silent.Add(New("asking"), isClosing: false);
        silent.Add(New("closing"), isClosing: true);
        _time.Now += TimeSpan.FromSeconds(4);
        silent.Sweep();
        Assert.Empty(_dropped);
        _time.Now += TimeSpan.FromSeconds(2);
        silent.Sweep();
        Assert.Equal(["closing"], _dropped);
        _time.Now += TimeSpan.FromSeconds(5);
        silent.Sweep();
        Assert.Equal(["closing", "asking"], _dropped);
    }

    [Fact]
    public void Who_has_spoken_no_longer_counts()
    {
        var silent = new SilentConnections(1, Deadlines, _log, _time);
        var node = silent.Add(New("a"), isClosing: false);
        silent.Remove(node);
        silent.Remove(node);
        Assert.Equal(0, silent.Count);
    }

    [Fact]
    public void At_the_end_all_of_them_go()
    {
        var silent = new SilentConnections(10, Deadlines, _log, _time);
        silent.Add(New("a"), isClosing: false);
        silent.Add(New("b"), isClosing: true);
        silent.DropAll();
        Assert.Equal(["a", "b"], _dropped);
        Assert.Equal(0, silent.Count);
    }

    Silent New(string name) => new(() => _dropped.Add(name));

    sealed class Silent(Action drop) : ISilent
    {
        public void Drop() => drop();
    }
}

using CsCheck;
using Saslauthd.Workers;

namespace Sasl.Credentials.Tests.Saslauthd;

public sealed class FairQueueTests
{
    readonly FairQueue<string> _queue = new();

    // One program that asks a thousand times makes nobody else wait longer than one turn.
    [Fact]
    public void Each_uid_has_its_turn()
    {
        foreach (var i in Enumerable.Range(1, 100))
            _queue.Enqueue(1000, $"flood{i}");
        _queue.Enqueue(33, "web");
        _queue.Enqueue(107, "mail1");
        _queue.Enqueue(107, "mail2");
        Assert.Equal(["flood1", "web", "mail1", "flood2", "mail2", "flood3"], Enumerable.Range(0, 6).Select(_ => _queue.Dequeue()!));
    }

    [Fact]
    public void Who_gives_up_is_not_served_and_can_give_up_once()
    {
        _queue.Enqueue(1, "a");
        var second = _queue.Enqueue(1, "b");
        Assert.True(_queue.Remove(second));
        Assert.False(_queue.Remove(second));
        Assert.Equal(1, _queue.Count);
        Assert.Equal("a", _queue.Dequeue());
        Assert.Null(_queue.Dequeue());
    }

    [Fact]
    public void Nobody_is_lost_and_nobody_is_served_twice() =>
        Gen.Int[0, 5].Array[0, 60].Sample(moves =>
        {
            var queue = new FairQueue<string>();
            var (waiting, served) = (new List<string>(), new List<string>());
            foreach (var (move, i) in moves.Select((m, i) => (m, i)))
            {
                if (move > 3)
                {
                    if (queue.Dequeue() is { } next)
                        served.Add(next);
                }
                else
                {
                    queue.Enqueue((uint)move, $"{move}:{i}");
                    waiting.Add($"{move}:{i}");
                }
            }
            while (queue.Dequeue() is { } rest)
                served.Add(rest);
            return queue.Count == 0 && served.Order().SequenceEqual(waiting.Order())
                && served.GroupBy(s => s[0]).All(g => g.Select(s => int.Parse(s[2..])).SequenceEqual(g.Select(s => int.Parse(s[2..])).Order()));
        });
}

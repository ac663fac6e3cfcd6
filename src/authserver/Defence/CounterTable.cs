namespace AuthServer.Defence;

/// <summary>
/// Counters of one kind, so many and no more: whoever comes from millions of addresses pushes out what was used longest ago, and takes no memory.
/// Not for two threads at once.
/// </summary>
/// <param name="tags">How many fingerprints each may hold.</param>
sealed class CounterTable(string name, int capacity, int tags)
{
    /// <summary>So many of the oldest are passed over because attempts on them are under way.</summary>
    const int MostPassedOver = 8;

    readonly Dictionary<CounterKey, Counter> _counters = [];
    Counter? _newest, _oldest;

    public string Name => name;

    public int Count => _counters.Count;

    public IEnumerable<Counter> All => _counters.Values;

    /// <summary>In the order of use, so that who puts them into another table in this order keeps it.</summary>
    public IEnumerable<Counter> OldestFirst
    {
        get
        {
            for (var counter = _oldest; counter is not null; counter = counter.Newer)
                yield return counter;
        }
    }

    public Counter? Find(CounterKey key) => _counters.GetValueOrDefault(key);

    /// <summary>The counter, made when there is none, as the one used last.</summary>
    public Counter Use(CounterKey key)
    {
        if (_counters.TryGetValue(key, out var counter))
        {
            Unlink(counter);
        }
        else
        {
            if (_counters.Count >= capacity)
                MakeRoom();
            _counters[key] = counter = new(key);
        }
        Link(counter);
        return counter;
    }

    public Tags SeenOf(Counter counter) => counter.Seen ??= new(tags);

    /// <summary>Empties a counter; false when it was empty.</summary>
    public bool Forget(Counter counter, long now)
    {
        var isEmpty = counter.Seen is null or { Count: 0 } && counter.Guesses.Level(now, 0) <= 0 && counter.Names.Level(now, 0) <= 0;
        counter.Guesses.Set(0, now);
        counter.Names.Set(0, now);
        counter.Seen = null;
        if (counter.IsIdle)
            Remove(counter);
        return !isEmpty;
    }

    public void Remove(Counter counter)
    {
        if (_counters.GetValueOrDefault(counter.Key) != counter)
            return;
        _counters.Remove(counter.Key);
        Unlink(counter);
    }

    void MakeRoom()
    {
        for (var i = 0; i < MostPassedOver && _oldest is { IsIdle: false } busy; i++)
        {
            Unlink(busy);
            Link(busy);
        }
        Remove(_oldest!);
    }

    void Link(Counter counter)
    {
        (counter.Older, counter.Newer) = (_newest, null);
        if (_newest is not null)
            _newest.Newer = counter;
        _newest = counter;
        _oldest ??= counter;
    }

    void Unlink(Counter counter)
    {
        if (counter.Older is { } older)
            older.Newer = counter.Newer;
        else
            _oldest = counter.Newer;
        if (counter.Newer is { } newer)
            newer.Older = counter.Older;
        else
            _newest = counter.Older;
        (counter.Older, counter.Newer) = (null, null);
    }
}

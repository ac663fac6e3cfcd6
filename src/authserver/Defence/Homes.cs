namespace AuthServer.Defence;

/// <summary>
/// From where accounts were logged in to with the right password. Only a success writes here: no guesser can push an entry out. Not for two threads
/// at once.
/// </summary>
sealed class Homes(int capacity)
{
    /// <summary>Of one account; the one used longest ago goes.</summary>
    public const int MostPlaces = 32;

    /// <summary>A place that was not used for so long is strange again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    readonly Dictionary<ulong, List<(UInt128 Place, long Day)>> _homes = [];
    readonly Queue<ulong> _order = new();

    public int Count => _homes.Count;

    /// <summary>Each account with its places and the days on which they were used last.</summary>
    public IEnumerable<(ulong Account, IReadOnlyList<(UInt128 Place, long Day)> Places)> All => _homes.Select(h => (h.Key, (IReadOnlyList<(UInt128, long)>)h.Value));

    /// <param name="day">Today, in days since 1970.</param>
    public bool Contains(ulong account, UInt128 place, long day) =>
        _homes.TryGetValue(account, out var places) && places.Exists(p => p.Place == place && day - p.Day <= Lifetime.Days);

    /// <summary>True when something has changed.</summary>
    public bool Add(ulong account, UInt128 place, long day)
    {
        if (!_homes.TryGetValue(account, out var places))
        {
            if (_homes.Count >= capacity && _order.TryDequeue(out var first))
                _homes.Remove(first);
            _homes[account] = places = [];
            _order.Enqueue(account);
        }
        var at = places.FindIndex(p => p.Place == place);
        if (at >= 0 && places[at].Day >= day)
            return false;
        if (at >= 0)
            places.RemoveAt(at);
        else if (places.Count == MostPlaces)
            places.RemoveAt(0);
        places.Add((place, day));
        return true;
    }
}

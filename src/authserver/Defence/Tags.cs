namespace AuthServer.Defence;

/// <summary>The last few fingerprints of a kind; the oldest goes when there is no room.</summary>
sealed class Tags(int capacity)
{
    const int Smallest = 2;

    ushort[] _tags = [];
    int _next;

    public int Count { get; private set; }

    /// <summary>The oldest first.</summary>
    public IEnumerable<ushort> All => Enumerable.Range(0, Count).Select(i => _tags[(_next + _tags.Length - Count + i) % _tags.Length]);

    public bool Contains(ushort tag) => tag != 0 && Array.IndexOf(_tags, tag) >= 0;

    public void Add(ushort tag)
    {
        if (tag == 0 || Contains(tag))
            return;
        if (Count == _tags.Length && Count < capacity)
        {
            // All in their order, from the beginning of a larger array.
            ushort[] grown = [.. All, .. new ushort[Math.Min(Math.Max(Smallest, Count), capacity - Count)]];
            (_tags, _next) = (grown, Count);
        }
        _tags[_next] = tag;
        _next = (_next + 1) % _tags.Length;
        Count = Math.Min(Count + 1, _tags.Length);
    }

    /// <summary>False when it was not there.</summary>
    public bool Remove(ushort tag)
    {
        if (!Contains(tag))
            return false;
        ushort[] rest = [.. All.Where(t => t != tag)];
        (_tags, _next, Count) = ([.. rest, .. new ushort[_tags.Length - rest.Length]], rest.Length % _tags.Length, rest.Length);
        return true;
    }
}

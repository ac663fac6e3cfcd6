namespace Sasl.Mechanisms;

/// <summary>
/// The nonces of a server's recent DIGEST-MD5 logins, so that a client may log in again in one round trip (RFC 2831 §2.2). One for all
/// connections, in the memory of one process. A nonce is good for the user and realm that it was first used by, and each count once.
/// </summary>
/// <param name="lifetime">From a login on; afterwards the client must answer a new challenge.</param>
/// <param name="capacity">Logins that are remembered; the oldest is forgotten first. About 300 bytes each.</param>
public sealed class DigestServerNonces(TimeSpan lifetime, int capacity = 10_000)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Entry> _entries = [];
    readonly Queue<string> _oldestFirst = [];

    /// <summary>Nonces that are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    internal void Add(DigestResponse used, TimeProvider time)
    {
        lock (_lock)
        {
            Forget(time);
            var key = Key(used);
            if (capacity <= 0 || !_entries.TryAdd(key, new(Owner(used), time.GetTimestamp()) { Uses = used.Count }))
                return;
            _oldestFirst.Enqueue(key);
        }
    }

    /// <summary>It is a nonce of ours, and this user's. Nothing is said of its age and count.</summary>
    internal bool Knows(DigestResponse response)
    {
        lock (_lock)
            return _entries.TryGetValue(Key(response), out var entry) && entry.Owner == Owner(response);
    }

    /// <summary>
    /// Uses one that is known once more. RFC 2831 §2.2.2: the count must be one greater than the last; call this only when the proof was right, or who
    /// does not know the password could use up the counts of who does.
    /// </summary>
    internal bool TryUse(DigestResponse response, TimeProvider time)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(Key(response), out var entry) || time.GetElapsedTime(entry.Began) > lifetime || entry.Uses == uint.MaxValue || response.Count != entry.Uses + 1)
                return false;
            entry.Uses = response.Count;
            return true;
        }
    }

    // What is too old is kept as long again: a client that comes late learns that only the nonce is stale.
    void Forget(TimeProvider time)
    {
        while (_oldestFirst.TryPeek(out var oldest) && (_entries.Count >= capacity || time.GetElapsedTime(_entries[oldest].Began) > 2 * lifetime))
            _entries.Remove(_oldestFirst.Dequeue());
    }

    static string Key(DigestResponse response) => Convert.ToHexString(response.Nonce);

    static string Owner(DigestResponse response) => $"{Convert.ToHexString(response.Name)}@{Convert.ToHexString(response.Realm ?? [])}";

    sealed class Entry(string owner, long began)
    {
        public string Owner => owner;
        public long Began => began;
        public uint Uses { get; set; }
    }
}

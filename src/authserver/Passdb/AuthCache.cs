// Invariants of this file:
//  * What is remembered is found again only under the very key that it was remembered under: the database, and every variable that the answer depended on.
//  * It holds no more than its size, whatever is asked.
using System.IO.Enumeration;
using Sasl.Credentials;

namespace AuthServer.Passdb;

/// <summary>What the cache has done since it was made or reset; sizes in bytes.</summary>
readonly record struct AuthCacheStatus(long Hits, long Misses, int PositiveEntries, int NegativeEntries, long PositiveSize, long NegativeSize, long MaxSize);

/// <summary>One remembered answer.</summary>
/// <param name="State">Of the database when it answered.</param>
/// <param name="Proof">Of a database that only verifies: which password was right, keyed; else null.</param>
sealed record AuthCacheEntry(string Key, string User, object Answer, bool IsPositive, SourceState State, long At, byte[]? Proof, int Size)
{
    /// <summary>It has answered from memory: it may be older than the database.</summary>
    public bool WasServed { get; set; }

    /// <summary>The last password that was compared with it was wrong.</summary>
    public bool LastWasWrong { get; set; }
}

/// <summary>
/// auth_cache_size, auth_cache_ttl, auth_cache_negative_ttl: answers of databases, the least used forgotten first. For all databases of one server; each
/// key begins with the database's own number.
/// </summary>
sealed class AuthCache(long size, TimeSpan ttl, TimeSpan negativeTtl, TimeProvider time)
{
    public const int LeastSize = 1024;

    readonly Lock _gate = new();
    readonly Dictionary<string, LinkedListNode<AuthCacheEntry>> _byKey = new(StringComparer.Ordinal);
    readonly LinkedList<AuthCacheEntry> _byUse = [];
    long _positive, _negative, _hits, _misses;

    public TimeSpan NegativeTtl => negativeTtl;

    /// <summary>What is remembered, and whether it is still good; null when there is nothing. Old answers serve when the database is down.</summary>
    public (AuthCacheEntry Entry, bool IsFresh)? Find(string key, SourceState state)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out var node))
            {
                _misses++;
                return null;
            }
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            var entry = node.Value;
            var isFresh = entry.State == state && Age(entry) < (entry.IsPositive ? ttl : negativeTtl);
            _ = isFresh ? _hits++ : _misses++;
            return (entry, isFresh);
        }
    }

    public TimeSpan Age(AuthCacheEntry entry) => time.GetElapsedTime(entry.At);

    /// <summary>Remembers an answer in the place of an older one.</summary>
    /// <param name="bytes">About how much memory it takes, without the key.</param>
    public AuthCacheEntry Put(string key, string user, object answer, bool isPositive, SourceState state, byte[]? proof, int bytes)
    {
        const int overhead = 200;
        var entry = new AuthCacheEntry(key, user, answer, isPositive, state, time.GetTimestamp(), proof, overhead + (2 * (key.Length + user.Length)) + bytes);
        lock (_gate)
        {
            Remove(key);
            if (entry.Size > size)
                return entry;
            _byKey[key] = _byUse.AddFirst(entry);
            Count(entry, entry.Size);
            while (_positive + _negative > size)
                Remove(_byUse.Last!.Value.Key);
        }
        return entry;
    }

    /// <summary>The same without a use of it being counted.</summary>
    public AuthCacheEntry? Peek(string key)
    {
        lock (_gate)
            return _byKey.GetValueOrDefault(key)?.Value;
    }

    public void Forget(string key)
    {
        lock (_gate)
            Remove(key);
    }

    /// <summary>Forgets what is remembered of the users whose names one of the masks matches; of all when there is no mask. How many answers they were.</summary>
    public int Flush(IReadOnlyCollection<string> masks)
    {
        lock (_gate)
        {
            var keys = _byUse.Where(e => masks.Count == 0 || masks.Any(m => FileSystemName.MatchesSimpleExpression(m, e.User))).Select(e => e.Key).ToArray();
            foreach (var key in keys)
                Remove(key);
            return keys.Length;
        }
    }

    public AuthCacheStatus Status(bool reset)
    {
        lock (_gate)
        {
            var positive = _byUse.Count(e => e.IsPositive);
            var status = new AuthCacheStatus(_hits, _misses, positive, _byUse.Count - positive, _positive, _negative, size);
            if (reset)
                (_hits, _misses) = (0, 0);
            return status;
        }
    }

    void Remove(string key)
    {
        if (!_byKey.Remove(key, out var node))
            return;
        _byUse.Remove(node);
        Count(node.Value, -node.Value.Size);
    }

    void Count(AuthCacheEntry entry, int bytes)
    {
        if (entry.IsPositive)
            _positive += bytes;
        else
            _negative += bytes;
    }
}

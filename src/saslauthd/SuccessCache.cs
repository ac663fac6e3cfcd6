using System.Security.Cryptography;
using System.Text;

namespace Saslauthd;

/// <summary>
/// Successful logins remembered (-c). Only a keyed hash is kept, and the key lives in this process alone. Everything is forgotten when the
/// mechanisms' state changes (a password was changed, an account locked, a day began), on HUP and with the time of -t; only what a
/// mechanism cannot see, such as a change in another machine's database, goes unnoticed until then.
/// </summary>
sealed class SuccessCache(int capacity, TimeSpan lifetime, TimeProvider time)
{
    /// <summary>What one entry of Cyrus' table takes: -s gives as many entries here as there.</summary>
    public const int BytesPerEntry = 96;

    readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    readonly Dictionary<Key, (byte[] Hash, long Since)> _entries = [];
    readonly Queue<(Key Key, long Since)> _order = new();
    readonly Lock _gate = new();
    ChainState? _state;
    long _hits, _misses, _evicted, _flushes;

    /// <summary>Grows with each thing that is forgotten on request.</summary>
    public long Flushes => Volatile.Read(ref _flushes);

    public CacheStatistics Statistics
    {
        get
        {
            lock (_gate)
                return new(_hits, _misses, _evicted, _entries.Count(e => IsFresh(e.Value.Since)), capacity, lifetime);
        }
    }

    /// <summary>Who is remembered since when; never a hash.</summary>
    public IReadOnlyList<CacheEntry> Entries
    {
        get
        {
            var now = time.GetUtcNow();
            lock (_gate)
                return [.. _entries.Where(e => IsFresh(e.Value.Since)).Select(e => new CacheEntry(e.Key.Login, e.Key.Realm, e.Key.Service, now - time.GetElapsedTime(e.Value.Since)))];
        }
    }

    /// <param name="state">That of the mechanisms now.</param>
    public bool Knows(ChainState state, string login, string realm, string service, ReadOnlySpan<byte> password)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Hash(login, realm, service, password, hash);
        lock (_gate)
        {
            if (_state != state)
                Start(state);
            var isKnown = _entries.TryGetValue(new(login, realm, service), out var entry) && IsFresh(entry.Since) && CryptographicOperations.FixedTimeEquals(hash, entry.Hash);
            _ = isKnown ? _hits++ : _misses++;
            return isKnown;
        }
    }

    /// <param name="state">That of the mechanisms before they were asked: when it has changed meanwhile the answer may be old.</param>
    /// <param name="flushes"><see cref="Flushes"/> at that time: an answer from before a flush is not remembered after it. Null where there was none.</param>
    public void Remember(ChainState state, string login, string realm, string service, ReadOnlySpan<byte> password, long? flushes = null)
    {
        var hash = new byte[HMACSHA256.HashSizeInBytes];
        Hash(login, realm, service, password, hash);
        var (key, now) = (new Key(login, realm, service), time.GetTimestamp());
        lock (_gate)
        {
            if ((_state ??= state) != state || (flushes is not null && flushes != _flushes))
                return;
            _entries[key] = (hash, now);
            _order.Enqueue((key, now));
            while (_order.Count > capacity)
            {
                var (oldest, since) = _order.Dequeue();
                if (_entries.TryGetValue(oldest, out var entry) && entry.Since == since && _entries.Remove(oldest))
                    _evicted++;
            }
        }
    }

    /// <summary>Everything. How many there were.</summary>
    public int Forget()
    {
        lock (_gate)
        {
            var count = _entries.Count;
            _flushes++;
            Start(_state);
            return count;
        }
    }

    /// <summary>One user, for every service: also under the name that -r makes of login and realm. How many entries there were.</summary>
    /// <param name="realm">Null: in every realm.</param>
    public int Forget(string user, string? realm)
    {
        lock (_gate)
        {
            _flushes++;
            var gone = _entries.Keys.Where(k => IsOf(k, user, realm)).ToArray();
            foreach (var key in gone)
                _entries.Remove(key);
            return gone.Length;
        }
    }

    static bool IsOf(Key key, string user, string? realm) =>
        (key.Login == user || key.Login == $"{user}@{key.Realm}" || user == $"{key.Login}@{key.Realm}") && (realm is null || key.Realm == realm);

    bool IsFresh(long since) => time.GetElapsedTime(since) < lifetime;

    void Start(ChainState? state)
    {
        _entries.Clear();
        _order.Clear();
        _state = state;
    }

    /// <summary>No field holds a NUL, so the NULs between them make the text unambiguous.</summary>
    void Hash(string login, string realm, string service, ReadOnlySpan<byte> password, Span<byte> hash)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData(Encoding.UTF8.GetBytes($"{login}\0{realm}\0{service}\0"));
        mac.AppendData(password);
        mac.GetHashAndReset(hash);
    }

    readonly record struct Key(string Login, string Realm, string Service);
}

/// <param name="Evicted">Gone for want of room before their time was over.</param>
readonly record struct CacheStatistics(long Hits, long Misses, long Evicted, int Entries, int Capacity, TimeSpan Lifetime);

readonly record struct CacheEntry(string Login, string Realm, string Service, DateTimeOffset Created);

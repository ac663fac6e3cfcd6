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

    /// <param name="state">That of the mechanisms now.</param>
    public bool Knows(ChainState state, string login, string realm, string service, ReadOnlySpan<byte> password)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Hash(login, realm, service, password, hash);
        lock (_gate)
        {
            if (_state != state)
                Start(state);
            return _entries.TryGetValue(new(login, realm, service), out var entry) && time.GetElapsedTime(entry.Since) < lifetime
                && CryptographicOperations.FixedTimeEquals(hash, entry.Hash);
        }
    }

    /// <param name="state">That of the mechanisms before they were asked: when it has changed meanwhile the answer may be old.</param>
    public void Remember(ChainState state, string login, string realm, string service, ReadOnlySpan<byte> password)
    {
        var hash = new byte[HMACSHA256.HashSizeInBytes];
        Hash(login, realm, service, password, hash);
        var (key, now) = (new Key(login, realm, service), time.GetTimestamp());
        lock (_gate)
        {
            if ((_state ??= state) != state)
                return;
            _entries[key] = (hash, now);
            _order.Enqueue((key, now));
            while (_order.Count > capacity)
            {
                var (oldest, since) = _order.Dequeue();
                if (_entries.TryGetValue(oldest, out var entry) && entry.Since == since)
                    _entries.Remove(oldest);
            }
        }
    }

    public void Forget()
    {
        lock (_gate)
            Start(_state);
    }

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

namespace Sasl.Mechanisms;

/// <summary>
/// What a client remembers of its DIGEST-MD5 logins, so that the next one to the same server takes one round trip (RFC 2831 §2.2). One for
/// all connections. No secret is in it.
/// </summary>
/// <param name="capacity">Servers and users that are remembered; the oldest is forgotten first.</param>
public sealed class DigestClientNonces(int capacity = 100)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Entry> _entries = [];
    readonly Queue<string> _oldestFirst = [];

    internal void Put(string key, DigestResponse used)
    {
        lock (_lock)
        {
            if (capacity <= 0)
                return;
            if (!_entries.ContainsKey(key))
            {
                if (_entries.Count >= capacity)
                    _entries.Remove(_oldestFirst.Dequeue());
                _oldestFirst.Enqueue(key);
            }
            _entries[key] = new(used.Nonce, used.Realm, used.IsUtf8) { Uses = used.Count };
        }
    }

    /// <summary>The nonce with its next count; each count is given out once.</summary>
    internal bool TryTake(string key, out Entry entry, out uint count)
    {
        lock (_lock)
        {
            count = 0;
            if (!_entries.TryGetValue(key, out entry!) || entry.Uses == uint.MaxValue)
                return false;
            count = ++entry.Uses;
            return true;
        }
    }

    /// <summary>The server did not take it.</summary>
    internal void Drop(Entry entry)
    {
        lock (_lock)
            entry.Uses = uint.MaxValue;
    }

    internal sealed class Entry(byte[] nonce, byte[]? realm, bool isUtf8)
    {
        public byte[] Nonce => nonce;
        public byte[]? Realm => realm;
        public bool IsUtf8 => isUtf8;
        public uint Uses { get; set; }
    }
}

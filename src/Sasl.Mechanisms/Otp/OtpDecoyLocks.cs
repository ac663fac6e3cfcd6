namespace Sasl.Mechanisms;

/// <summary>
/// Locks of users that are not there: a second login while the first is under way is refused for them too, or that would tell them apart.
/// Bounded: who begins more logins than this at once makes the oldest lock go.
/// </summary>
sealed class OtpDecoyLocks
{
    const int Most = 4096;

    // In the order in which they end.
    readonly OrderedDictionary<string, DateTimeOffset> _locks = [];

    public bool TryTake(string name, DateTimeOffset now, DateTimeOffset until)
    {
        lock (_locks)
        {
            while (_locks.Count > 0 && (_locks.Count >= Most || _locks.GetAt(0).Value <= now))
                _locks.RemoveAt(0);
            return _locks.TryAdd(name, until);
        }
    }

    public void Release(string name)
    {
        lock (_locks)
            _locks.Remove(name);
    }
}

namespace Saslauthd.Requests;

/// <summary>How many requests may be under way or waiting, in all and for the programs of one uid.</summary>
sealed class RequestLimits(int limit, int limitPerUser)
{
    readonly Dictionary<uint, int> _byUser = [];
    readonly Lock _gate = new();

    public int Count { get; private set; }

    /// <summary>False when there are too many already; else the caller leaves in the end.</summary>
    public bool TryEnter(uint uid)
    {
        lock (_gate)
        {
            var own = _byUser.GetValueOrDefault(uid);
            if (Count >= limit || own >= limitPerUser)
                return false;
            _byUser[uid] = own + 1;
            Count++;
            return true;
        }
    }

    public void Leave(uint uid)
    {
        lock (_gate)
        {
            Count--;
            if (--_byUser[uid] == 0)
                _byUser.Remove(uid);
        }
    }
}

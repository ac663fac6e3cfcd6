namespace AuthServer.Defence;

/// <summary>What is counted of one address, one network, one account, or one account from one address.</summary>
sealed class Counter(CounterKey key)
{
    /// <summary>Wrong passwords.</summary>
    public Gauge Guesses;

    /// <summary>Of an address or a network: accounts that it has failed at.</summary>
    public Gauge Names;

    public CounterKey Key => key;

    /// <summary>Of an account: the last wrong passwords. Of an address: the accounts. Null: none yet.</summary>
    public Tags? Seen { get; set; }

    /// <summary>Attempts under way, each password once.</summary>
    public List<Attempt>? Attempts { get; set; }

    /// <summary>Who waits for a verdict of those before him.</summary>
    public Queue<TaskCompletionSource>? Waiting { get; set; }

    /// <summary>When a refusal was last logged, in milliseconds of the defence's clock; the log is not to be flooded.</summary>
    public long LoggedAt { get; set; } = long.MinValue;

    /// <summary>Neighbours in the order of use.</summary>
    public Counter? Newer { get; set; }

    public Counter? Older { get; set; }

    public bool IsIdle => Guesses.UnderWay == 0 && Names.UnderWay == 0;

    public bool HasSeen(ushort tag) => Seen is not null && Seen.Contains(tag);
}

/// <summary>Of which address (its number, or that of its network; 0: none) and which account (0: none) something is counted.</summary>
readonly record struct CounterKey(UInt128 Address, ulong Account);

namespace AuthServer.Defence;

/// <summary>All that is remembered, and how fast each counter drains. Guarded by whoever owns it.</summary>
sealed class DefenceTables(DefenceSettings settings)
{
    /// <summary>Counters of each kind, and accounts with homes: some 50 MB when all are full.</summary>
    public const int MostEntries = 50_000;

    const int MostTags = 64;

    public DefenceSettings Settings => settings;

    /// <summary>One account from one address.</summary>
    public CounterTable Pairs { get; } = new("address_user", MostEntries, Math.Clamp(settings.Pair, 8, MostTags));

    public CounterTable Hosts { get; } = new("address", MostEntries, Math.Clamp(settings.Accounts, 8, MostTags));

    public CounterTable Networks { get; } = new("network", MostEntries, MostTags);

    public CounterTable Accounts { get; } = new("user", MostEntries, 16);

    public Homes Homes { get; } = new(MostEntries);

    public int Count => Pairs.Count + Hosts.Count + Networks.Count + Accounts.Count + Homes.Count;

    public double DrainPair { get; } = Drain(settings, settings.Pair);

    public double DrainAccount { get; } = Drain(settings, settings.Account);

    public double DrainHost { get; } = Drain(settings, settings.Address);

    public double DrainNetwork { get; } = Drain(settings, settings.Address * DefenceSettings.NetworkFactor);

    public double DrainHostNames { get; } = Drain(settings, settings.Accounts);

    public double DrainNetworkNames { get; } = Drain(settings, settings.Accounts * DefenceSettings.NetworkFactor);

    /// <summary>A counter whose limit is switched off forgets within the period whatever it holds.</summary>
    static double Drain(DefenceSettings settings, int limit) => Math.Max(1, limit) / settings.Period.TotalMilliseconds;
}

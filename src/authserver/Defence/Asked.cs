namespace AuthServer.Defence;

/// <summary>What the counters are asked about one login.</summary>
/// <param name="Account">0: it names nobody.</param>
/// <param name="Place">Null: the front end told no address. Such logins share nothing but their account's counter.</param>
/// <param name="Tag">The password's fingerprint, 0 when it is not shown.</param>
readonly record struct Asked(ulong Account, ClientPlace? Place, ushort Tag)
{
    public CounterKey Pair => new(Place?.Host ?? 0, Account);

    public UInt128 Home => Place?.Home ?? 0;
}

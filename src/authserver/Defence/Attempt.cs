namespace AuthServer.Defence;

/// <summary>
/// One password of one account from one address on its way to a verdict: what it holds of the counters. The same password coming several times at once (a
/// mail program that opens five connections) is one attempt with several sharers.
/// </summary>
/// <param name="Tag">The password's fingerprint; 0 when the mechanism does not show it: then nobody shares.</param>
sealed record Attempt(ulong Account, ClientPlace? Place, ushort Tag, bool IsKnown)
{
    /// <summary>Null where the login names no account.</summary>
    public Counter? Pair { get; init; }

    public Counter? OfAccount { get; init; }

    public Counter? Host { get; init; }

    public Counter? Network { get; init; }

    public bool HoldsHostName { get; init; }

    public bool HoldsNetworkName { get; init; }

    public int Sharers { get; set; } = 1;
}

/// <summary>One login's share of an attempt, given back once: with its verdict, or without one.</summary>
sealed class Reservation(Attempt attempt, long at)
{
    int _isSettled;

    public Attempt Attempt => attempt;

    /// <summary>When it was let through, in milliseconds of the defence's clock.</summary>
    public long At => at;

    public bool TrySettle() => Interlocked.Exchange(ref _isSettled, 1) == 0;
}

// Invariants of this file:
//  * What is let through was taken into every counter that it may add to before anybody else is judged.
//  * Where the owner of an account is known to come from, nothing that others do elsewhere counts.
//  * The same wrong password again is nobody's guess.
namespace AuthServer.Defence;

/// <summary>The rules: which limits hold for a login, what an attempt takes and what its end leaves. Not for two threads at once.</summary>
sealed class Judge(DefenceTables tables)
{
    readonly DefenceSettings _settings = tables.Settings;

    public bool IsKnown(in Asked asked, long day) => asked.Account != 0 && tables.Homes.Contains(asked.Account, asked.Home, day);

    /// <summary>This very password was wrong here before.</summary>
    public bool IsRepeated(in Asked asked) => asked.Account != 0 && asked.Tag != 0 && tables.Pairs.Find(asked.Pair) is { } pair && pair.HasSeen(asked.Tag);

    /// <summary>An attempt with the same password that is under way: one verdict will do for both.</summary>
    public Attempt? Twin(in Asked asked)
    {
        if (asked.Tag == 0 || tables.Pairs.Find(asked.Pair)?.Attempts is not { } attempts)
            return null;
        foreach (var attempt in attempts)
        {
            if (attempt.Tag == asked.Tag)
                return attempt;
        }
        return null;
    }

    /// <summary>The limits that hold, into <paramref name="limits"/>; how many.</summary>
    public int Find(in Asked asked, bool isKnown, long now, Span<Limit> limits)
    {
        var (count, factor) = (0, isKnown ? DefenceSettings.KnownFactor : 1);
        if (asked.Account != 0)
        {
            limits[count++] = Guesses("address_user", "too many wrong passwords for this user from this address", tables.Pairs.Find(asked.Pair), _settings.Pair * factor, tables.DrainPair, now);
            var account = tables.Accounts.Find(new(0, asked.Account));
            if (!isKnown && account?.HasSeen(asked.Tag) is not true)
                limits[count++] = Guesses("user", "too many wrong passwords for this user from addresses that he never logged in from", account, _settings.Account, tables.DrainAccount, now);
        }
        if (asked.Place is not { } place)
            return count;
        var (host, network) = (tables.Hosts.Find(new(place.Host, 0)), tables.Networks.Find(new(place.Network, 0)));
        limits[count++] = Guesses("address", "too many wrong passwords from this address", host, _settings.Address * factor, tables.DrainHost, now);
        limits[count++] = Guesses("network", "too many wrong passwords from this network", network, _settings.Address * DefenceSettings.NetworkFactor * factor, tables.DrainNetwork, now);
        var name = asked.Account == 0 ? (ushort)0 : Fingerprints.Name(asked.Account);
        if (name != 0 && host?.HasSeen(name) is not true)
            limits[count++] = Names("address_users", "too many users were tried from this address", host, _settings.Accounts * factor, tables.DrainHostNames, now);
        if (name != 0 && network?.HasSeen(name) is not true)
            limits[count++] = Names("network_users", "too many users were tried from this network", network, _settings.Accounts * DefenceSettings.NetworkFactor * factor, tables.DrainNetworkNames, now);
        return count;
    }

    /// <summary>The limit that refuses, else the one that has to be waited for, else null.</summary>
    public Limit? Blocking(in Asked asked, bool isKnown, long now)
    {
        Limits room = default;
        Span<Limit> limits = room;
        limits = limits[..Find(asked, isKnown, now, limits)];
        Limit? busy = null;
        foreach (ref readonly var limit in limits)
        {
            if (limit.Refuses)
                return limit;
            if (limit.MustWait)
                busy = limit;
        }
        return busy;
    }

    public Attempt Take(in Asked asked, bool isKnown)
    {
        var pair = asked.Account == 0 ? null : tables.Pairs.Use(asked.Pair);
        var account = asked.Account == 0 || isKnown || tables.Accounts.Find(new(0, asked.Account)) is { } seen && seen.HasSeen(asked.Tag) ? null : tables.Accounts.Use(new(0, asked.Account));
        var host = asked.Place is { } h ? tables.Hosts.Use(new(h.Host, 0)) : null;
        var network = asked.Place is { } n ? tables.Networks.Use(new(n.Network, 0)) : null;
        var name = asked.Account == 0 ? (ushort)0 : Fingerprints.Name(asked.Account);
        var attempt = new Attempt(asked.Account, asked.Place, asked.Tag, isKnown)
        {
            Pair = pair, OfAccount = account, Host = host, Network = network,
            HoldsHostName = name != 0 && host is not null && !host.HasSeen(name), HoldsNetworkName = name != 0 && network is not null && !network.HasSeen(name),
        };
        Hold(attempt, 1);
        if (pair is not null)
            (pair.Attempts ??= []).Add(attempt);
        return attempt;
    }

    /// <summary>One sharer less; the last one gives everything back. Wakes who waits for it.</summary>
    public void Release(Attempt attempt, long now)
    {
        if (--attempt.Sharers > 0)
            return;
        Hold(attempt, -1);
        attempt.Pair?.Attempts?.Remove(attempt);
        Leave(tables.Pairs, attempt.Pair, _settings.Pair, tables.DrainPair, now);
        Leave(tables.Accounts, attempt.OfAccount, _settings.Account, tables.DrainAccount, now);
        Leave(tables.Hosts, attempt.Host, _settings.Address, tables.DrainHost, now);
        Leave(tables.Networks, attempt.Network, _settings.Address * DefenceSettings.NetworkFactor, tables.DrainNetwork, now);
    }

    /// <summary>The password was wrong, or there is no such user: the same to everybody who guesses.</summary>
    public void CountWrong(Attempt attempt, long now)
    {
        if (attempt.Account != 0)
        {
            var pair = tables.Pairs.Use(new(attempt.Place?.Host ?? 0, attempt.Account));
            if (pair.HasSeen(attempt.Tag))
                return;
            pair.Guesses.Add(1, now, tables.DrainPair);
            Remember(tables.Pairs, pair, attempt.Tag);
            if (!attempt.IsKnown)
                CountAccount(attempt, now);
        }
        if (attempt.Place is not { } place)
            return;
        var (host, network) = (tables.Hosts.Use(new(place.Host, 0)), tables.Networks.Use(new(place.Network, 0)));
        host.Guesses.Add(1, now, tables.DrainHost);
        network.Guesses.Add(1, now, tables.DrainNetwork);
        if (attempt.Account == 0)
            return;
        CountName(tables.Hosts, host, attempt.Account, tables.DrainHostNames, now);
        CountName(tables.Networks, network, attempt.Account, tables.DrainNetworkNames, now);
    }

    /// <summary>
    /// The password was right: who mistyped it before was the owner, so that is taken back. Nothing else is: who has an account of his own must not be able
    /// to empty his address's counter with it.
    /// </summary>
    public void CountRight(Attempt attempt, long now, long day)
    {
        tables.Homes.Add(attempt.Account, attempt.Place?.Home ?? 0, day);
        if (tables.Pairs.Find(new(attempt.Place?.Host ?? 0, attempt.Account)) is not { } pair || pair.Guesses.Level(now, tables.DrainPair) is not (> 0 and var mistyped))
            return;
        // The passwords stay known as wrong: an old telephone goes on with one of them.
        pair.Guesses.Set(0, now);
        if (!attempt.IsKnown && tables.Accounts.Find(new(0, attempt.Account)) is { } account)
            account.Guesses.Add(-mistyped, now, tables.DrainAccount);
        if (attempt.Place is not { } place)
            return;
        if (tables.Hosts.Find(new(place.Host, 0)) is { } host)
            TakeBack(host, attempt.Account, mistyped, tables.DrainHost, tables.DrainHostNames, now);
        if (tables.Networks.Find(new(place.Network, 0)) is { } network)
            TakeBack(network, attempt.Account, mistyped, tables.DrainNetwork, tables.DrainNetworkNames, now);
    }

    static Limit Guesses(string name, string complaint, Counter? counter, int most, double drain, long now) =>
        new(name, complaint, counter, counter?.Guesses.Level(now, drain) ?? 0, counter?.Guesses.UnderWay ?? 0, most, drain);

    static Limit Names(string name, string complaint, Counter? counter, int most, double drain, long now) =>
        new(name, complaint, counter, counter?.Names.Level(now, drain) ?? 0, counter?.Names.UnderWay ?? 0, most, drain);

    static void Hold(Attempt attempt, int count)
    {
        if (attempt.Pair is { } pair)
            pair.Guesses.UnderWay += count;
        if (attempt.OfAccount is { } account)
            account.Guesses.UnderWay += count;
        if (attempt.Host is { } host)
        {
            host.Guesses.UnderWay += count;
            host.Names.UnderWay += attempt.HoldsHostName ? count : 0;
        }
        if (attempt.Network is { } network)
        {
            network.Guesses.UnderWay += count;
            network.Names.UnderWay += attempt.HoldsNetworkName ? count : 0;
        }
    }

    void CountAccount(Attempt attempt, long now)
    {
        var account = tables.Accounts.Use(new(0, attempt.Account));
        if (account.HasSeen(attempt.Tag))
            return;
        account.Guesses.Add(1, now, tables.DrainAccount);
        Remember(tables.Accounts, account, attempt.Tag);
    }

    static void CountName(CounterTable table, Counter counter, ulong account, double drain, long now)
    {
        var name = Fingerprints.Name(account);
        if (counter.HasSeen(name))
            return;
        counter.Names.Add(1, now, drain);
        Remember(table, counter, name);
    }

    static void Remember(CounterTable table, Counter counter, ushort tag)
    {
        if (tag != 0)
            table.SeenOf(counter).Add(tag);
    }

    static void TakeBack(Counter counter, ulong account, double guesses, double drain, double drainNames, long now)
    {
        counter.Guesses.Add(-guesses, now, drain);
        if (counter.Seen?.Remove(Fingerprints.Name(account)) is true)
            counter.Names.Add(-1, now, drainNames);
    }

    /// <summary>A verdict has come: those who waited for it are looked at again, all of them when there is nothing left to wait for.</summary>
    static void Leave(CounterTable table, Counter? counter, int most, double drain, long now)
    {
        if (counter is null)
            return;
        var level = counter.Guesses.Level(now, drain);
        for (var woken = 0; counter.Waiting is { Count: > 0 } waiting && (woken < 2 || level + 1 > most);)
            woken += waiting.Dequeue().TrySetResult() ? 1 : 0;
        // A success leaves nothing behind: only what was counted takes memory.
        if (counter.IsIdle && counter.Seen is null or { Count: 0 } && level <= 0 && counter.Waiting is not { Count: > 0 })
            table.Remove(counter);
    }
}

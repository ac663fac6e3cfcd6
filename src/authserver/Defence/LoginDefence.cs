using System.Net;
using AuthServer.Logins;
using Microsoft.Extensions.Logging;
using Sasl.Mechanisms;

namespace AuthServer.Defence;

/// <summary>
/// Against guessing, in the place of Dovecot's anvil penalty: counts wrong passwords by address, network, account, and account from an address, and refuses
/// where there were too many. To the client a refusal is a wrong password, in words and in time. What an account's owner does is not held up by
/// what others do elsewhere (see <see cref="Judge"/>).
/// </summary>
sealed class LoginDefence : ILoginGuard
{
    /// <summary>How long an attempt may wait for the verdicts of those before it. With a slow verification behind it, still below Postfix's ten seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    const int MostWaiting = 256, MostSamples = 16;

    const long LogPause = 10 * 60 * 1000;

    readonly Lock _gate = new();
    DefenceTables _tables;
    Judge _judge;
    Fingerprints _fingerprints;
    ReadOnlyMemory<byte> _key;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly long _began;
    readonly TimeSpan[] _took = new TimeSpan[MostSamples];
    int _samples, _reported;
    long _changes;

    /// <param name="key">Random for each installation: see <see cref="Fingerprints"/>.</param>
    public LoginDefence(DefenceSettings settings, ReadOnlyMemory<byte> key, ILogger log, TimeProvider time)
    {
        (_tables, _key, _fingerprints, _log, _time, _began) = (new(settings), key, new(key), log, time, time.GetTimestamp());
        _judge = new(_tables);
    }

    /// <summary>The installation's own key in the place of the one that it was made with: before the first login.</summary>
    public void UseKey(ReadOnlyMemory<byte> key) => (_key, _fingerprints) = (key, new(key));

    /// <summary>Other limits; what is counted stays as full as it is.</summary>
    public void Use(DefenceSettings settings)
    {
        var (now, tables) = (Now, new DefenceTables(settings));
        lock (_gate)
        {
            if (settings.HasSameLimits(_tables.Settings))
                return;
            DefenceState.TryRead(DefenceState.Write(_tables, _key.Span, now, _time.GetUtcNow(), _gate), tables, _key.Span, now, _time.GetUtcNow());
            (_tables, _judge) = (tables, new(tables));
        }
    }

    /// <summary>Grows with whatever is worth keeping.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>Counters, and accounts with homes.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _tables.Count;
        }
    }

    long Now => (long)_time.GetElapsedTime(_began).TotalMilliseconds;

    long Today => _time.GetUtcNow().ToUnixTimeSeconds() / 86_400;

    public async ValueTask<string?> AdmitAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        if (Ask(login, password.Span) is not { } asked)
            return null;
        var refusal = login.Explanation is null ? await TakeAsync(login, asked, stop) : Foresee(asked);
        if (refusal is not { } limit)
            return null;
        if (login.Explanation is not null)
            return limit.Complaint;
        DefenceMetrics.Refused(limit.Name);
        Tell(login, limit);
        // Who is refused shall not see by the clock that his password was not looked at; a real hash for it would give guessers our cores.
        if (!password.IsEmpty && Sample() is { Ticks: > 0 } time)
            await Task.Delay(time, _time, stop);
        return limit.Complaint;
    }

    public void Decided(LoginDecision decision)
    {
        if (decision.Reservation is not { } reservation || !reservation.TrySettle())
            return;
        var (now, attempt) = (Now, reservation.Attempt);
        lock (_gate)
        {
            if (decision.IsSuccess)
                _judge.CountRight(attempt.Account != 0 ? attempt : attempt with { Account = _fingerprints.Account(decision.User) }, now, Today);
            else if (decision.Failure is FailureKind.BadCredentials or FailureKind.NotAuthorized)
                CountWrong(attempt, reservation, now);
            _judge.Release(attempt, now);
            Report();
        }
        Interlocked.Increment(ref _changes);
    }

    public void Abandoned(LoginFacts login)
    {
        if (login.Reservation is not { } reservation || !reservation.TrySettle())
            return;
        lock (_gate)
        {
            _judge.Release(reservation.Attempt, Now);
            Report();
        }
    }

    /// <summary>Every counter that has a say in a login of this user from this address, in lines for a person; the last one says what would happen.</summary>
    public IReadOnlyList<string> Explain(string user, string? address)
    {
        var place = PlaceOf(address, out var isExempt);
        var asked = new Asked(_fingerprints.Account(user), place, 0);
        var (now, lines) = (Now, new List<string>());
        if (isExempt)
            return [$"{address} is in auth_limit_exempt_networks or login_trusted_networks: nothing is counted", "a login would be let to its password"];
        lock (_gate)
        {
            var isKnown = _judge.IsKnown(asked, Today);
            lines.Add(isKnown ? $"{user} has logged in from {HomeText(place)} before: only what happens there counts, with limits {DefenceSettings.KnownFactor} times as high"
                : place is null ? $"{user} has not logged in without an address" : $"{user} has not logged in from {HomeText(place)} in the last {Homes.Lifetime.Days} days");
            Span<Limit> limits = new Limit[Limits.Most];
            foreach (var limit in limits[.._judge.Find(asked, isKnown, now, limits)])
                lines.Add(Text(limit, place));
            var blocking = _judge.Blocking(asked, isKnown, now);
            lines.Add(blocking is not { } block ? "a login would be let to its password"
                : block.Refuses ? $"a login would be refused: {block.Complaint}; in {Math.Ceiling(block.FreeIn.TotalMinutes):0} min the next one is let through" : "a login would wait for those under way");
        }
        return lines;
    }

    /// <summary>Forgets what is counted against a user (his homes stay), or against an address and its network; how many counters that were.</summary>
    public int Forget(string? user, IPAddress? address)
    {
        var account = user is null ? 0 : _fingerprints.Account(user);
        ClientPlace? place = address is null ? null : ClientPlace.Of(address);
        var found = 0;
        lock (_gate)
        {
            foreach (var table in (CounterTable[])[_tables.Pairs, _tables.Accounts, _tables.Hosts, _tables.Networks])
            {
                foreach (var counter in table.All.Where(c => account != 0 && c.Key.Account == account || place is { } p && (c.Key.Address == p.Host || c.Key.Address == p.Network)).ToArray())
                    found += table.Forget(counter, Now) ? 1 : 0;
            }
            Report();
        }
        Interlocked.Increment(ref _changes);
        return found;
    }

    /// <summary>All of it, to be kept.</summary>
    public byte[] Save()
    {
        return DefenceState.Write(_tables, _key.Span, Now, _time.GetUtcNow(), _gate);
    }

    /// <summary>Adds what was kept; false when it is damaged, or another installation's.</summary>
    public bool TryRestore(ReadOnlySpan<byte> state)
    {
        var now = Now;
        lock (_gate)
        {
            var isRead = DefenceState.TryRead(state, _tables, _key.Span, now, _time.GetUtcNow());
            Report();
            return isRead;
        }
    }

    /// <summary>Null where nobody is ever refused.</summary>
    Asked? Ask(LoginFacts login, ReadOnlySpan<byte> password)
    {
        // Whom Kerberos or a certificate has proven has guessed nothing.
        if (login.Origin.Mechanism is "EXTERNAL" or "GSSAPI" or "GSS-SPNEGO" or "ANONYMOUS")
            return null;
        var place = PlaceOf(login.Origin.Remote, out var isExempt);
        if (isExempt)
            return null;
        // A front end that has judged the address itself may say so; the account is protected all the same.
        var counted = login.Origin["no-penalty"] is null ? place : null;
        var account = login.User.Length == 0 ? 0 : _fingerprints.Account(login.User);
        return account == 0 && counted is null ? null : new(account, counted, _fingerprints.Guess(account, password));
    }

    ClientPlace? PlaceOf(string? address, out bool isExempt)
    {
        isExempt = false;
        if (address is null || !IPAddress.TryParse(address, out var ip))
            return null;
        isExempt = _tables.Settings.IsExempt(ip);
        return ClientPlace.Of(ip);
    }

    Limit? Foresee(in Asked asked)
    {
        lock (_gate)
            return _judge.IsRepeated(asked) || _judge.Blocking(asked, _judge.IsKnown(asked, Today), Now) is not { Refuses: true } limit ? null : limit;
    }

    /// <summary>Null when the attempt was taken in; else the limit that stands against it.</summary>
    async ValueTask<Limit?> TakeAsync(LoginFacts login, Asked asked, CancellationToken stop)
    {
        for (var patience = Now + (long)Patience.TotalMilliseconds; ;)
        {
            if (TryTake(login, asked, Now < patience, out var limit, out var verdict) || limit is not null)
                return limit;
            try
            {
                await verdict!.Task.WaitAsync(TimeSpan.FromMilliseconds(Math.Max(1, patience - Now)), _time, stop);
            }
            catch (TimeoutException)
            {
                // Nobody is to be woken in vain; the next look is the last one.
            }
            finally
            {
                verdict!.TrySetCanceled(CancellationToken.None);
            }
        }
    }

    bool TryTake(LoginFacts login, in Asked asked, bool mayWait, out Limit? limit, out TaskCompletionSource? verdict)
    {
        var now = Now;
        (limit, verdict) = (null, null);
        lock (_gate)
        {
            var isKnown = _judge.IsKnown(asked, Today);
            if (_judge.IsRepeated(asked))
            {
                // It holds nothing, for it cannot add anything; a success is worth knowing still.
                login.Reservation = new(new(asked.Account, asked.Place, asked.Tag, isKnown), now);
                return true;
            }
            if (_judge.Twin(asked) is { } twin)
            {
                twin.Sharers++;
                login.Reservation = new(twin, now);
                return true;
            }
            var blocking = _judge.Blocking(asked, isKnown, now);
            if (blocking is null)
            {
                login.Reservation = new(_judge.Take(asked, isKnown), now);
                Report();
                return true;
            }
            if (blocking is { Refuses: true } or { Counter.Waiting.Count: >= MostWaiting } || !mayWait)
                limit = blocking;
            else
                (blocking.Value.Counter!.Waiting ??= new()).Enqueue(verdict = new(TaskCreationOptions.RunContinuationsAsynchronously));
            return false;
        }
    }

    void CountWrong(Attempt attempt, Reservation reservation, long now)
    {
        _judge.CountWrong(attempt, now);
        if (attempt.Tag != 0)
            _took[_samples++ % MostSamples] = TimeSpan.FromMilliseconds(Math.Min(now - reservation.At, 1000));
    }

    /// <summary>What one of the last wrong passwords took.</summary>
    TimeSpan Sample()
    {
        lock (_gate)
            return _samples == 0 ? TimeSpan.Zero : _took[Random.Shared.Next(Math.Min(_samples, MostSamples))];
    }

    void Tell(LoginFacts login, in Limit limit)
    {
        var now = Now;
        lock (_gate)
        {
            if (limit.Counter is not { } counter || counter.LoggedAt > now - LogPause)
                return;
            counter.LoggedAt = now;
        }
        _log.Refusing(login.Who, limit.Complaint);
    }

    void Report()
    {
        if (_tables.Count == _reported)
            return;
        DefenceMetrics.Tracked(_tables.Count - _reported);
        _reported = _tables.Count;
    }

    static string HomeText(ClientPlace? place) => place is not { } p ? "no address" : ClientPlace.Text(p.Home, isNetwork: p.Home != p.Host);

    static string Text(in Limit limit, ClientPlace? place)
    {
        var of = limit.Name switch
        {
            "address" or "address_users" => $" of {ClientPlace.Text(place!.Value.Host, false)}",
            "network" or "network_users" => $" of {ClientPlace.Text(place!.Value.Network, true)}",
            _ => "",
        };
        var most = limit.Most == 0 ? "no limit" : $"{limit.Most}";
        return $"{limit.Name}{of}: {limit.Level:0.0} of {most}{(limit.UnderWay > 0 ? $", {limit.UnderWay} under way" : "")}{(limit.Refuses ? ", full" : "")}";
    }
}

// Invariants of this file:
//  * A store that cannot be read never means that there is none: what was known of it holds on, and before that nobody can tell.
//  * What costs a user with app passwords time costs one without the same, as soon as anybody has one.
using System.Collections.Concurrent;
using AuthServer.Composition;
using AuthServer.Logins;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Mechanisms;

namespace AuthServer.AppPasswords;

/// <summary>
/// The app passwords, as logins ask for them. Who is in the store is known in memory, so a user without any costs a look at the file's time of change; what is
/// stored of the others is read once and kept until somebody changes it. When they were used last is written once a minute.
/// </summary>
/// <param name="workers">Threads for what waits for a disk.</param>
/// <param name="hashing">Threads for PBKDF2.</param>
sealed class AppPasswordBook(Sasl.Credentials.Sources.AppPasswords store, HashWorkers workers, HashWorkers hashing, ILogger log, TimeProvider time) : IKeeper
{
    const int MostKept = 10_000;

    static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    static readonly byte[] _decoySalt = new byte[ScramSecret.SaltSize];

    readonly SemaphoreSlim _reading = new(1);
    readonly ConcurrentDictionary<(string User, string Name), DateTimeOffset> _used = new();
    volatile Known? _known;
    bool _isFailing;

    sealed record Known(SourceState State, long Generation, HashSet<string> Users)
    {
        public ConcurrentDictionary<string, AppPasswordUser> Entries { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>auth_app_passwords_only: nobody's own password is taken.</summary>
    public bool IsOnly { get; set; }

    /// <summary>Somebody has one.</summary>
    public bool IsInUse => _known is { Users.Count: > 0 };

    /// <summary>What is stored of a user; null when that cannot be told.</summary>
    public async ValueTask<AppPasswordUser?> FindAsync(string user, CancellationToken stop)
    {
        if (await KnownAsync(stop) is not { } known)
            return null;
        if (!known.Users.Contains(user))
            return Main(AppPasswordUser.None);
        if (known.Entries.TryGetValue(user, out var kept))
            return Main(kept);
        try
        {
            if (workers.TryRun(() => store.Find(user), stop) is not { } work)
                return null;
            var found = await work;
            if (known.Entries.Count >= MostKept)
                known.Entries.Clear();
            return Main(known.Entries[user] = found);
        }
        catch (IOException failure)
        {
            Complain(failure);
            return null;
        }
    }

    /// <summary>The app password that this is, of those that may be used here and now; null when it is none of them.</summary>
    /// <exception cref="HashingOverloadException">Too much is waiting: a temporary failure.</exception>
    public async ValueTask<AppPassword?> MatchAsync(AppPasswordUser user, string spelling, LoginOrigin origin, CancellationToken stop)
    {
        var usable = Usable(user, origin, ScramHash.Sha256);
        var (salt, iterations) = usable is [var first, ..] ? (first.Secret.Salt, first.Secret.Iterations) : (_decoySalt, Sasl.Credentials.Sources.AppPasswords.Iterations);
        var work = hashing.TryRun(() => ScramSecret.Derive(ScramHash.Sha256, System.Text.Encoding.ASCII.GetBytes(spelling), salt, iterations), stop) ?? throw new HashingOverloadException();
        var derived = await work;
        AppPassword? match = null;
        foreach (var (password, secret) in usable)
            match = System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(derived.StoredKey.Span, secret.StoredKey.Span) ? password : match;
        return match;
    }

    /// <summary>Those that may be used here and now, and their secrets for SCRAM; all with the same salt.</summary>
    public IReadOnlyList<(AppPassword Password, ScramSecret Secret)> Usable(AppPasswordUser user, LoginOrigin origin, ScramHash hash)
    {
        if (user.Passwords.Count == 0)
            return [];
        var now = time.GetUtcNow();
        (AppPassword Password, ScramSecret Secret)[] usable = [.. user.Passwords.Where(p => p.IsFor(origin.Service, origin.Remote, now))
            .Select(p => (p, p.SecretOf(hash))).Where(p => p.Item2 is not null).Select(p => (p.p, p.Item2!))];
        // The store gives them one salt; a row that somebody has put in by hand may have another.
        return [.. usable.Where(p => p.Secret.CanStandBeside(usable[0].Secret))];
    }

    /// <summary>The same password in SCRAM's form with the salt of the app passwords, so that it can stand beside them.</summary>
    /// <exception cref="HashingOverloadException">Too much is waiting: a temporary failure.</exception>
    public async ValueTask<ScramSecret?> DeriveAsync(CleartextSecret password, ScramSecret beside, CancellationToken stop)
    {
        if (!Preparation.TryPreparePassword(SaslSettings.Default.PasswordPreparation, password.Password.Span, out var prepared))
            return null;
        return await (hashing.TryRun(() => ScramSecret.Derive(beside.Hash, prepared, beside.Salt, beside.Iterations), stop) ?? throw new HashingOverloadException());
    }

    public void MarkUsed(string user, string name) => _used[(user, name)] = time.GetUtcNow();

    public void Begin()
    {
        try
        {
            Read(null);
        }
        catch (IOException failure)
        {
            Complain(failure);
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var clock = new PeriodicTimer(_interval, time);
        try
        {
            while (await clock.WaitForNextTickAsync(stop))
            {
                if (!_used.IsEmpty && workers.TryRun(WriteUsed, stop) is { } work)
                    await work;
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
        await Task.Run(WriteUsed, CancellationToken.None);
    }

    bool WriteUsed()
    {
        try
        {
            foreach (var (key, at) in _used)
            {
                store.MarkUsed(key.User, key.Name, at);
                _used.TryRemove(KeyValuePair.Create(key, at));
            }
        }
        catch (IOException failure)
        {
            log.UseUnwritable(failure.Message);
        }
        return true;
    }

    AppPasswordUser Main(AppPasswordUser user) => IsOnly && !user.IsMainOff ? user with { IsMainOff = true } : user;

    async ValueTask<Known?> KnownAsync(CancellationToken stop)
    {
        var known = _known;
        var state = SourceState.Of(store.Path);
        if (known is not null && known.State == state)
            return known;
        // One reads, the others wait for what he finds.
        await _reading.WaitAsync(stop);
        try
        {
            if (_known is { } meanwhile && meanwhile.State == state)
                return meanwhile;
            return workers.TryRun(() => Read(_known), stop) is { } work ? await work : _known;
        }
        catch (IOException failure)
        {
            Complain(failure);
            return _known;
        }
        finally
        {
            _reading.Release();
        }
    }

    Known Read(Known? before)
    {
        var state = SourceState.Of(store.Path);
        var generation = state.First is null ? 0 : store.Generation();
        var isSame = before is not null && before.Generation == generation && state.First is not null && before.State.First?.Inode == state.First?.Inode;
        // Only a last use was noted: what is kept of the users is still true.
        var known = isSame ? before! with { State = state } : new Known(state, generation, state.First is null ? [] : [.. store.Users()]);
        _isFailing = false;
        return _known = known;
    }

    void Complain(IOException failure)
    {
        if (!_isFailing)
            log.StoreUnreadable(failure.Message);
        _isFailing = true;
    }
}

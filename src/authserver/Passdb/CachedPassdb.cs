using System.Security.Cryptography;
using AuthServer.Logins;
using Sasl.Credentials;

namespace AuthServer.Passdb;

/// <summary>A passdb whose answers are remembered for a while. Refusals for other reasons than an unknown user are not, nor what could not be answered.</summary>
sealed class CachedPassdb : IPassdb
{
    /// <summary>What a database only verifies is kept as a hash under a key of this process: who reads its memory cannot try passwords elsewhere.</summary>
    static readonly byte[] _proofKey = RandomNumberGenerator.GetBytes(32);

    readonly IPassdb _inner;
    readonly AuthCache _cache;
    readonly AuthCacheKey _key;

    CachedPassdb(IPassdb inner, AuthCache cache, AuthCacheKey key) => (_inner, _cache, _key) = (inner, cache, key);

    /// <summary>The database itself when nothing of it may be remembered.</summary>
    public static IPassdb Of(IPassdb inner, AuthCache? cache, int number) =>
        cache is not null && AuthCacheKey.Of($"P{number}", inner.Variables) is { } key ? new CachedPassdb(inner, cache, key) : inner;

    public string Driver => _inner.Driver;

    public PassdbAbilities Abilities => _inner.Abilities;

    public IReadOnlyCollection<string>? Variables => _inner.Variables;

    public SourceState State => _inner.State;

    public IEnumerable<string> Sample() => _inner.Sample();

    public async ValueTask<PassdbRow> FindAsync(LoginFacts login, CancellationToken stop)
    {
        var (key, state) = (_key.For(login), _inner.State);
        var known = _cache.Find(key, state);
        if (known is { IsFresh: true, Entry: var remembered })
        {
            remembered.WasServed = true;
            return (PassdbRow)remembered.Answer;
        }
        var row = await _inner.FindAsync(login, stop);
        if (row.Kind == PassdbKind.Failed && known is { } old && old.Entry.State == state)
            return (PassdbRow)old.Entry.Answer;
        return Remember(key, login, row, state);
    }

    public async ValueTask<PassdbRow> VerifyAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        var (key, state) = ($"{_key.For(login)}\tverified", _inner.State);
        var proof = HMACSHA256.HashData(_proofKey, password.Span);
        var known = _cache.Find(key, state);
        var isSame = known is { Entry.Proof: { } before } && CryptographicOperations.FixedTimeEquals(before, proof);
        if (isSame && known!.Value.IsFresh)
            return (PassdbRow)known.Value.Entry.Answer;
        var row = await _inner.VerifyAsync(login, password, stop);
        switch (row.Kind)
        {
            case PassdbKind.Found:
                _cache.Put(key, login.User, row, true, state, proof, Size(row));
                break;
            case PassdbKind.Failed when isSame && known!.Value.Entry.State == state:
                return (PassdbRow)known.Value.Entry.Answer;
            case not PassdbKind.Failed when isSame:
                _cache.Forget(key);
                break;
        }
        return row;
    }

    public ValueTask<PassdbRow> ValidateAsync(LoginFacts login, ReadOnlyMemory<byte> token, CancellationToken stop) => _inner.ValidateAsync(login, token, stop);

    public async ValueTask<PassdbRow?> JudgedAsync(LoginFacts login, PassdbRow row, bool isRight, CancellationToken stop)
    {
        var key = _key.For(login);
        if (_cache.Peek(key) is not { } entry || !ReferenceEquals(entry.Answer, row))
            return null;
        // A wrong password again is no reason to ask the database again; after a right one the password may have been changed there.
        var isDoubtful = !isRight && entry.WasServed && !(entry.LastWasWrong && _cache.Age(entry) < _cache.NegativeTtl);
        entry.LastWasWrong = !isRight;
        if (!isDoubtful)
            return null;
        var state = _inner.State;
        var fresh = await _inner.FindAsync(login, stop);
        if (fresh.Kind == PassdbKind.Failed)
            return null;
        return Remember(key, login, fresh, state);
    }

    public async ValueTask<bool> ReplaceAsync(LoginFacts login, IReadOnlyList<string> expected, IReadOnlyList<string> passwords, CancellationToken stop)
    {
        var isReplaced = await _inner.ReplaceAsync(login, expected, passwords, stop);
        // If not, what is remembered is too old.
        _cache.Forget(_key.For(login));
        return isReplaced;
    }

    PassdbRow Remember(string key, LoginFacts login, PassdbRow row, SourceState state)
    {
        if (row.Kind is PassdbKind.Found or PassdbKind.Unknown)
            _cache.Put(key, login.User, row, row.Kind == PassdbKind.Found, state, null, Size(row));
        else if (row.Kind != PassdbKind.Failed)
            _cache.Forget(key);
        return row;
    }

    static int Size(PassdbRow row) => 2 * (row.Passwords.Sum(p => p.Length) + row.Fields.Sum(f => f.Name.Length + f.Value.Length));
}

using AuthServer.Logins;
using AuthServer.Passdb;

namespace AuthServer.Userdb;

/// <summary>A userdb whose answers are remembered for a while.</summary>
sealed class CachedUserdb : IUserdb
{
    readonly IUserdb _inner;
    readonly AuthCache _cache;
    readonly AuthCacheKey _key;

    CachedUserdb(IUserdb inner, AuthCache cache, AuthCacheKey key) => (_inner, _cache, _key) = (inner, cache, key);

    /// <summary>The database itself when nothing of it may be remembered.</summary>
    public static IUserdb Of(IUserdb inner, AuthCache? cache, int number) =>
        cache is not null && AuthCacheKey.Of($"U{number}", inner.Variables) is { } key ? new CachedUserdb(inner, cache, key) : inner;

    public string Driver => _inner.Driver;

    public IReadOnlyCollection<string>? Variables => _inner.Variables;

    public IAsyncEnumerable<string>? ListAsync(CancellationToken stop) => _inner.ListAsync(stop);

    public async ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop)
    {
        // Whether he has just logged in changes the answer where the passdbs are asked who exists.
        var key = $"{_key.For(login)}\t{isAuthenticated}";
        var known = _cache.Find(key, default);
        if (known is { IsFresh: true })
            return (Lookup)known.Value.Entry.Answer;
        var found = await _inner.FindAsync(login, isAuthenticated, stop);
        if (found.Kind == LookupKind.Failed)
            return known is { } old ? (Lookup)old.Entry.Answer : found;
        _cache.Put(key, login.User, found, found.Kind == LookupKind.Found, default, null, 2 * (found.Home.Length + found.Fields.Sum(f => f.Length)));
        return found;
    }
}

using AuthServer.Logins;
using AuthServer.Passdb;

namespace AuthServer.Userdb.Drivers;

/// <summary>The "userdb_…" fields that the passdbs gave with the login: nothing has to be asked again. Of a look-up without a login it knows nothing.</summary>
sealed class PrefetchUserdb : IUserdb
{
    static readonly Lookup _found = Lookup.Found([]);

    public static IUserdb Open(DatabaseContext context, UserExists exists) => new PrefetchUserdb();

    public string Driver => "prefetch";

    public ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop) =>
        // The chain has taken them over before it asked anybody.
        new(isAuthenticated && login.Fields.All.Any(f => f.Name.StartsWith("userdb_", StringComparison.Ordinal)) ? _found : Lookup.NotFound);

    /// <summary>It has no users of its own: a list without them lacks nobody.</summary>
    public IAsyncEnumerable<string>? ListAsync(CancellationToken stop) => AsyncEnumerable.Empty<string>();
}

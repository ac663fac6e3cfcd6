using AuthServer.Logins;

namespace AuthServer.Userdb;

enum LookupKind { Found, NotFound, Failed }

/// <summary>What a user database says.</summary>
/// <param name="Fields">More name=value fields for the answer: mail, …</param>
/// <param name="Reason">Failed: for the log.</param>
sealed record Lookup(LookupKind Kind, uint Uid, uint Gid, string Home, IReadOnlyList<string> Fields, string Reason)
{
    public static Lookup NotFound { get; } = new(LookupKind.NotFound, 0, 0, "", [], "");

    public static Lookup Failed(string reason) => new(LookupKind.Failed, 0, 0, "", [], reason);
}

/// <summary>A database that knows whose mail is where. It does not block and keeps nothing of one user for another.</summary>
interface IUserdb
{
    string Driver { get; }

    /// <summary>The variables of a login on which an answer depends, as for a passdb; null: nothing of this database is remembered.</summary>
    IReadOnlyCollection<string>? Variables => null;

    /// <param name="login">Of whom; what the passdbs said is in its fields.</param>
    /// <param name="isAuthenticated">The user has just logged in: that he exists needs no proof.</param>
    ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop);

    /// <summary>All users, for LIST; null when this database cannot tell.</summary>
    IAsyncEnumerable<string>? ListAsync(CancellationToken stop) => null;
}

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

/// <summary>A database that knows whose mail is where.</summary>
interface IUserdb
{
    string Driver { get; }

    /// <param name="isAuthenticated">The user has just logged in: that he exists needs no proof.</param>
    ValueTask<Lookup> FindAsync(string user, bool isAuthenticated, CancellationToken stop);
}

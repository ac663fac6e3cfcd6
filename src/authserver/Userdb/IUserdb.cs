using System.Globalization;
using AuthServer.Logins;

namespace AuthServer.Userdb;

enum LookupKind { Found, NotFound, Failed }

/// <summary>What a user database says.</summary>
/// <param name="Uid">Of a driver also <see cref="NotSaid"/>: in the fields as a name, in another database, or nowhere.</param>
/// <param name="Gid">The same.</param>
/// <param name="Fields">More name=value fields for the answer: mail, …; of a driver also with Dovecot's suffixes ":default" and ":remove".</param>
/// <param name="Reason">Failed: for the log.</param>
sealed record Lookup(LookupKind Kind, uint Uid, uint Gid, string Home, IReadOnlyList<string> Fields, string Reason)
{
    /// <summary>No id at all; the kernel keeps it for that (chown(2)).</summary>
    public const uint NotSaid = uint.MaxValue;

    public static Lookup NotFound { get; } = new(LookupKind.NotFound, 0, 0, "", [], "");

    public static Lookup Failed(string reason) => new(LookupKind.Failed, 0, 0, "", [], reason);

    /// <summary>From fields as a table has them: uid and gid may be names, or not be there.</summary>
    public static Lookup Found(IEnumerable<(string Name, string Value)> fields)
    {
        var (uid, gid, home, rest) = (NotSaid, NotSaid, "", new List<string>());
        foreach (var (name, value) in fields)
        {
            if (name == "uid" && uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                uid = number;
            else if (name == "gid" && uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number))
                gid = number;
            else if (name == "home")
                home = value;
            else
                rest.Add($"{name}={value}");
        }
        return new(LookupKind.Found, uid, gid, home, rest, "");
    }
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

    /// <summary>All users, for LIST; null when this database cannot tell. It may end with an IOException.</summary>
    IAsyncEnumerable<string>? ListAsync(CancellationToken stop) => null;
}

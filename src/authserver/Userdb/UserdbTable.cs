using AuthServer.Logins;
using AuthServer.Passdb;
using AuthServer.Userdb.Drivers;

namespace AuthServer.Userdb;

/// <summary>Whether the passdbs know a user; null when none of them can tell.</summary>
delegate ValueTask<bool?> UserExists(LoginFacts login, CancellationToken stop);

/// <summary>Every userdb driver, one line each. An opener says what is wrong with a block by a FormatException.</summary>
static class UserdbTable
{
    static readonly (string Name, Func<DatabaseContext, UserExists, IUserdb> Open)[] _drivers =
    [
        ("passwd", PasswdUserdb.Open),
        ("static", StaticUserdb.Open),
        ("sql", SqlUserdb.Open),
        ("passwd-file", PasswdFileUserdb.Open),
        ("prefetch", PrefetchUserdb.Open),
        ("ldap", LdapUserdb.Open),
    ];

    public static IEnumerable<string> Names => _drivers.Select(d => d.Name);

    /// <summary>Null when there is no such driver.</summary>
    /// <exception cref="FormatException">The block cannot be used; the message says why.</exception>
    public static IUserdb? Open(DatabaseContext context, UserExists exists) => Array.Find(_drivers, d => d.Name == context.Block.Driver).Open?.Invoke(context, exists);
}

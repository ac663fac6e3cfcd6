using AuthServer.Passdb.Drivers;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Passdb;

/// <summary>What a passdb or userdb driver is made from.</summary>
/// <param name="Hashing">Threads for what keeps a core busy.</param>
/// <param name="LookUps">Threads for what waits (NSS, SQLite).</param>
sealed record DatabaseContext(AuthDatabase Block, AuthServerSettings Settings, HashWorkers Hashing, HashWorkers LookUps, ILogger Log, TimeProvider Time)
{
    /// <summary>The words of args.</summary>
    public IEnumerable<string> Words => DovecotWordList.Split(Block.Arguments);

    /// <summary>The first word that is a path.</summary>
    public string? Path => Words.FirstOrDefault(w => w.StartsWith('/'));
}

/// <summary>Every passdb driver, one line each. An opener says what is wrong with a block by a FormatException.</summary>
static class PassdbTable
{
    static readonly (string Name, Func<DatabaseContext, IPassdb> Open)[] _drivers =
    [
        ("saslauthd", SaslauthdPassdb.Saslauthd),
        // The auth server has no rights to read /etc/shadow or to run PAM for others; saslauthd (-a shadow, -a pam) does it.
        ("shadow", SaslauthdPassdb.Shadow),
        ("pam", SaslauthdPassdb.Pam),
        ("sasldb", c => new SasldbPassdb(c)),
        ("sql", SqlPassdb.Open),
        ("passwd-file", PasswdFilePassdb.Open),
        ("static", StaticPassdb.Open),
        ("ldap", LdapPassdb.Open),
        ("oauth2", OAuth2Passdb.Open),
    ];

    public static IEnumerable<string> Names => _drivers.Select(d => d.Name);

    /// <summary>Null when there is no such driver.</summary>
    /// <exception cref="FormatException">The block cannot be used; the message says why.</exception>
    public static IPassdb? Open(DatabaseContext context) => Array.Find(_drivers, d => d.Name == context.Block.Driver).Open?.Invoke(context);
}

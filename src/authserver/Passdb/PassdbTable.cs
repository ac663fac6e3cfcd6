using Sasl.Credentials;
using Sasl.Credentials.Sources;
using Sasl.Protocols.Saslauthd;

namespace AuthServer.Passdb;

/// <summary>What a passdb driver is made from.</summary>
/// <param name="Arguments">The args of the block.</param>
sealed record PassdbContext(string Arguments, HashWorkers Workers)
{
    static readonly char[] _blanks = [' ', '\t'];

    public IEnumerable<string> Words => Arguments.Split(_blanks, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The first word that is a path.</summary>
    public string? Path => Words.FirstOrDefault(w => w.StartsWith('/'));
}

/// <summary>Every passdb driver, one line each.</summary>
static class PassdbTable
{
    const string DefaultMux = "/run/saslauthd/mux";

    /// <summary>A verification that takes longer is no use to a Postfix: it hangs up after ten seconds.</summary>
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(6);

    static readonly (string Name, Func<PassdbContext, Passdb> Open)[] _drivers =
    [
        ("saslauthd", c => new(Saslauthd(c), null, null)),
        // The auth server has no rights to read /etc/shadow or to run PAM for others; saslauthd (-a shadow, -a pam) does it.
        ("shadow", c => new(Saslauthd(c), null, Accounts)),
        ("pam", c => new(Saslauthd(c), PamService(c), Accounts)),
        ("sasldb", Sasldb),
    ];

    public static IEnumerable<string> Names => _drivers.Select(d => d.Name);

    /// <summary>Null when there is no such driver.</summary>
    public static Passdb? Open(string driver, PassdbContext context) =>
        Array.Find(_drivers, d => d.Name == driver) is { Open: { } open } ? open(context) with { Driver = driver } : null;

    static SaslauthdSource Saslauthd(PassdbContext context)
    {
        var path = context.Path ?? DefaultMux;
        // saslauthd's own option -m and saslauthd_path differ on whether the socket's name belongs to it: both are understood.
        return new(new SaslauthdClient(path.EndsWith("/mux", StringComparison.Ordinal) || !Directory.Exists(path) ? path : System.IO.Path.Combine(path, "mux"), _patience));
    }

    /// <summary>Dovecot's default service name is its own; "*" and "%s" mean the protocol's.</summary>
    static string? PamService(PassdbContext context) =>
        context.Words.LastOrDefault(w => !w.StartsWith('/') && !w.Contains('=')) switch { null => "dovecot", "*" or "%s" => null, var name => name };

    static Passdb Sasldb(PassdbContext context)
    {
        var database = new Sasldb(context.Path ?? Sasl.Credentials.Sources.Sasldb.DefaultPath);
        return new(new SasldbSource(database, context.Workers), null, user =>
        {
            var (name, realm) = LoginName.From(user, "");
            return database.Contains(name, realm);
        });
    }

    static bool Accounts(string user) => Sasl.Hosting.Unix.Accounts.Find(user) is not null;
}

using AuthServer.Logins;
using AuthServer.Passdb;
using AuthServer.Userdb;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>From the settings to opened databases; everything that is wrong is told at once.</summary>
sealed class Databases : IDisposable
{
    // Hashing keeps a core busy; look-ups only wait. Neither may hold up the other.
    readonly HashWorkers _hashing = new(), _lookups = new(threads: 4);

    Kept? _kept;
    readonly List<IDisposable> _opened = [];

    /// <summary>The shared state of a server with these settings, or null and the problems.</summary>
    /// <param name="kept">What stays of a server whose settings are replaced; null: it begins here.</param>
    public AuthHost? Open(AuthServerSettings settings, ILogger log, TimeProvider time, List<string> problems, Kept? kept = null)
    {
        var cache = Cache(settings, time);
        var passdbs = settings.Passdbs.Select((block, number) => Passdb(Context(settings, block, log, time), cache, number, problems)).OfType<PassdbEntry>().ToList();
        var chain = new PassdbChain(passdbs, _hashing, log, settings.IsVerbose, PasswordPolicy.Of(settings), time);
        var userdbs = settings.Userdbs.Select((block, number) => Userdb(Context(settings, block, log, time), chain, problems) is { } userdb
            ? new UserdbEntry(CachedUserdb.Of(userdb, cache, number), UserdbRules.From(block, p => problems.Add($"userdb {userdb.Driver}: {p}"))) : null).OfType<UserdbEntry>().ToList();
        if (settings.Values.Size(DovecotConf.AuthCacheSize) is > 0 and < AuthCache.LeastSize)
            problems.Add($"auth_cache_size is less than {AuthCache.LeastSize} bytes: nothing would fit in (0 switches it off)");
        if (StateDirectory.Problem(settings.StateDirectory) is { } unusable)
            problems.Add(unusable);
        if (settings.StateDirectory is null && settings.Values.Boolean(DovecotConf.AuthAppPasswordsOnly))
            problems.Add("auth_app_passwords_only: without auth_state_dir there are no app passwords, and nobody could log in");
        if (settings.Passdbs.Count == 0)
            problems.Add("there is no passdb: nobody could log in");
        else
            Mechanisms(settings, passdbs, problems);
        if (LoginTemplate.TryParse(settings.Values.Text(DovecotConf.AuthUsernameFormat), out var wrong) is null)
            problems.Add($"auth_username_format: {wrong}");
        if (problems.Count > 0)
            return null;
        kept ??= _kept = new(settings, log, time);
        return new(settings, chain, new(userdbs, UserdbFields.From(settings.Values, _lookups), log), kept, log, time) { Cache = cache };
    }

    public void Dispose()
    {
        _opened.ForEach(database => database.Dispose());
        _hashing.Dispose();
        _lookups.Dispose();
        _kept?.Dispose();
    }

    DatabaseContext Context(AuthServerSettings settings, AuthDatabase block, ILogger log, TimeProvider time) => new(block, settings, _hashing, _lookups, log, time);

    /// <summary>Null when nothing shall be remembered (auth_cache_size = 0).</summary>
    static AuthCache? Cache(AuthServerSettings settings, TimeProvider time) => settings.Values.Size(DovecotConf.AuthCacheSize) is > 0 and var size
        ? new(size, settings.Values.Time(DovecotConf.AuthCacheTtl), settings.Values.Time(DovecotConf.AuthCacheNegativeTtl), time) : null;

    PassdbEntry? Passdb(DatabaseContext context, AuthCache? cache, int number, List<string> problems) => Open("passdb", context.Block, PassdbTable.Names, problems, () =>
        Own(PassdbTable.Open(context)) is not { } passdb ? null
        : new PassdbEntry(CachedPassdb.Of(passdb, cache, number), PassdbRules.From(context.Block, p => problems.Add($"passdb {passdb.Driver}: {p}"))) { Name = context.Block["name"] is { Length: > 0 } name ? name : passdb.Driver });

    IUserdb? Userdb(DatabaseContext context, PassdbChain chain, List<string> problems) => Open("userdb", context.Block, UserdbTable.Names, problems, () =>
        Own(UserdbTable.Open(context, async (login, stop) => await chain.LookUpAsync(login, stop) switch
        {
            { Kind: PassdbKind.Found or PassdbKind.Disabled or PassdbKind.Expired } => true,
            { Kind: PassdbKind.Failed } => null,
            _ => false,
        })));

    /// <summary>Some hold connections, which are closed at the end.</summary>
    T? Own<T>(T? database) where T : class
    {
        if (database is IDisposable disposable)
            _opened.Add(disposable);
        return database;
    }

    static T? Open<T>(string kind, AuthDatabase block, IEnumerable<string> known, List<string> problems, Func<T?> open) where T : class
    {
        try
        {
            if (open() is { } opened)
                return opened;
            problems.Add(Unknown($"{kind} driver", block.Driver, known));
        }
        catch (FormatException wrong)
        {
            problems.Add($"{kind} {block.Driver}: {wrong.Message}");
        }
        return null;
    }

    static void Mechanisms(AuthServerSettings settings, IReadOnlyList<PassdbEntry> passdbs, List<string> problems)
    {
        // SCRAM with app passwords needs no other secrets.
        var isOnlyApps = settings.Values.Boolean(DovecotConf.AuthAppPasswordsOnly);
        var abilities = passdbs.Aggregate(PassdbAbilities.None, (all, p) => all | p.Passdb.Abilities);
        foreach (var name in settings.Mechanisms)
        {
            if (SaslMechanisms.Find(name) is not { } mechanism)
                problems.Add(Unknown("mechanism in auth_mechanisms", name, SaslMechanisms.All.Select(m => m.Name.ToLowerInvariant())));
            else if (Lacking(mechanism, abilities) is { } lacking && !(isOnlyApps && ScramHash.Of(mechanism.Name) is { } hash && Sasl.Credentials.Sources.AppPasswords.Hashes.Contains(hash)))
                problems.Add($"auth_mechanisms: {name} needs {lacking}");
        }
        if (settings.Mechanisms.Count == 0)
            problems.Add("auth_mechanisms is empty");
    }

    /// <summary>What a passdb would have to have, or null when one has it: a mechanism that nobody can log in with is not offered.</summary>
    static string? Lacking(SaslMechanism mechanism, PassdbAbilities abilities) => mechanism.Need switch
    {
        ClientNeed.Password when mechanism.Flags.HasFlag(MechanismFlags.Plaintext) =>
            (abilities & (PassdbAbilities.Passwords | PassdbAbilities.Secrets)) != 0 ? null : "a passdb that verifies passwords",
        ClientNeed.Password => abilities.HasFlag(PassdbAbilities.Secrets) ? null : "a passdb with stored secrets (sasldb, passwd-file, sql, ldap); this one only verifies passwords",
        ClientNeed.Token => abilities.HasFlag(PassdbAbilities.Tokens) ? null : "a passdb oauth2",
        _ => null,
    };

    static string Unknown(string what, string name, IEnumerable<string> known) =>
        $"unknown {what} \"{name}\"" + (NearMiss.Find(name.ToLowerInvariant(), known) is { } near ? $" (did you mean \"{near}\"?)" : $" (known: {string.Join(' ', known)})");
}

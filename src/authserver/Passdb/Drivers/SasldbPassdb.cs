using AuthServer.Logins;
using Sasl.Credentials;
using Sasl.Credentials.Sources;

namespace AuthServer.Passdb.Drivers;

/// <summary>
/// The secrets database: passwords, SCRAM keys and OTP sequences of its users. args: its path, and "realm=NAME": where a user whose name has no realm is
/// looked for as well, as in a database that was Cyrus' and has a realm with every name.
/// </summary>
sealed class SasldbPassdb(DatabaseContext context) : IPassdb
{
    const int SampleSize = 1000;

    readonly Sasldb _database = new(context.Path ?? Sasldb.DefaultPath);
    readonly HashWorkers _lookUps = context.LookUps;
    readonly string? _realm = context.Words.FirstOrDefault(w => w.StartsWith("realm=", StringComparison.Ordinal))?[6..];

    public string Driver => context.Block.Driver;

    public PassdbAbilities Abilities => PassdbAbilities.Secrets;

    public IReadOnlyCollection<string>? Variables { get; } = ["user"];

    public SourceState State => SourceState.Of(_database.Path);

    public async ValueTask<PassdbRow> FindAsync(LoginFacts login, CancellationToken stop)
    {
        try
        {
            return _lookUps.TryRun(() => Find(login.User), stop) is { } work ? await work : PassdbRow.Overloaded;
        }
        catch (IOException failure)
        {
            return PassdbRow.Failed(failure.Message);
        }
    }

    public async ValueTask<bool> ReplaceAsync(LoginFacts login, IReadOnlyList<string> expected, IReadOnlyList<string> passwords, CancellationToken stop)
    {
        var (name, realm) = LoginName.From(login.User, "");
        return _lookUps.TryRun(() => _database.TryReplace(name, realm, expected, passwords), stop) is { } work && await work;
    }

    public IEnumerable<string> Sample()
    {
        try
        {
            return _database.Sample(SampleSize);
        }
        catch (IOException)
        {
            // Whoever logs in is told so.
            return [];
        }
    }

    PassdbRow Find(string user)
    {
        var (name, realm) = LoginName.From(user, "");
        var secrets = _database.FindAll(name, realm);
        // Both are asked whatever the first one knows: a name of the one realm costs what one of the other does.
        if (realm.Length == 0 && _realm is { Length: > 0 } other && _database.FindAll(name, other) is var elsewhere && secrets.Count == 0)
            secrets = elsewhere;
        return secrets.Count > 0 ? new(PassdbKind.Found, "") { Passwords = secrets } : PassdbRow.Unknown;
    }
}

using AuthServer.Logins;
using Sasl.Credentials;
using Sasl.Credentials.Sources;

namespace AuthServer.Passdb.Drivers;

/// <summary>The secrets database: passwords, SCRAM keys and OTP sequences of its users. args: its path.</summary>
sealed class SasldbPassdb(DatabaseContext context) : IPassdb
{
    const int SampleSize = 1000;

    readonly Sasldb _database = new(context.Path ?? Sasldb.DefaultPath);
    readonly HashWorkers _lookUps = context.LookUps;

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

    public IEnumerable<string> Sample()
    {
        try
        {
            return _database.SamplePasswords(SampleSize);
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
        return _database.FindAll(name, realm) is { Count: > 0 } secrets ? new(PassdbKind.Found, "") { Passwords = secrets } : PassdbRow.Unknown;
    }
}

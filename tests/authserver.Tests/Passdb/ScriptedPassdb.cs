using AuthServer.Logins;
using AuthServer.Passdb;

namespace AuthServer.Tests.Passdb;

/// <summary>A database of the test's own: users and their rows; it notes who was asked for.</summary>
sealed class ScriptedPassdb(string driver, params (string User, PassdbRow Row)[] rows) : IPassdb
{
    public List<string> Asked { get; } = [];

    public string Driver => driver;

    public PassdbAbilities Abilities { get; init; } = PassdbAbilities.Secrets;

    public IReadOnlyCollection<string>? Variables { get; init; }

    public ValueTask<PassdbRow> FindAsync(LoginFacts login, CancellationToken stop)
    {
        Asked.Add(login.User);
        return new(Array.Find(rows, r => r.User == login.User).Row ?? PassdbRow.Unknown);
    }

    public ValueTask<PassdbRow> VerifyAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop) => FindAsync(login, stop);

    public static PassdbRow Row(string password, params (string Name, string Value)[] fields) => new(PassdbKind.Found, "") { Passwords = [password], Fields = fields };
}

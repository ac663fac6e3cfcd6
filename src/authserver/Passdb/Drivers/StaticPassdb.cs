using AuthServer.Logins;

namespace AuthServer.Passdb.Drivers;

/// <summary>The same for every name: "password=…" or "nopassword", and extra fields; in args or as settings of the block. Values may have %variables.</summary>
sealed class StaticPassdb : IPassdb
{
    readonly LoginTemplate? _password;
    readonly string _scheme;
    readonly bool _hasScheme;
    readonly (string Name, LoginTemplate Value)[] _fields;

    StaticPassdb(DatabaseContext context)
    {
        Driver = context.Block.Driver;
        var fields = StaticFields.Of(context, "password", "nopassword").ToList();
        _password = fields.FindLast(f => f.Name == "password") is (not null, var text) ? Template(text) : null;
        _fields = [.. fields.Where(f => f.Name != "password").Select(f => (f.Name, Template(f.Value)))];
        // The template's, never a value's: a user name in it is text.
        _hasScheme = _password?.Parts is [{ Literal: ['{', ..] }, ..];
        _scheme = context.Block["default_pass_scheme"] is { Length: > 0 } scheme ? scheme.ToUpperInvariant() : "PLAIN";
        if (_password is not null && Array.Exists(_fields, f => f.Name == "nopassword"))
            throw new FormatException("nopassword is set, and there is a password");
        if (_password is not null && _password.Variables.Contains(LoginVariables.Password))
            throw new FormatException("with the given password as the stored one every password would be right: say nopassword if that is meant");
        Variables = [.. _fields.Select(f => f.Value).Append(_password ?? LoginTemplate.Parse("")).SelectMany(t => t.Variables).Distinct()];
    }

    public static IPassdb Open(DatabaseContext context) => new StaticPassdb(context);

    public string Driver { get; }

    public PassdbAbilities Abilities => PassdbAbilities.Secrets;

    public IReadOnlyCollection<string>? Variables { get; }

    public ValueTask<PassdbRow> FindAsync(LoginFacts login, CancellationToken stop)
    {
        var password = _password?.Expand(login) ?? "";
        return new(new PassdbRow(PassdbKind.Found, "")
        {
            Passwords = password.Length == 0 ? [] : [_hasScheme ? password : $"{{{_scheme}}}{password}"],
            Fields = [.. _fields.Select(f => (f.Name, f.Value.Expand(login)))],
        });
    }

    static LoginTemplate Template(string text) => LoginTemplate.TryParse(text, out var problem) ?? throw new FormatException(problem);
}

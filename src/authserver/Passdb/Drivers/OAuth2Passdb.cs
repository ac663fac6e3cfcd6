// Invariants of this file:
//  * A token is good for the user whose it is, and for no other name that the client may have given.
//  * A password is taken for a token only where the block's mechanisms say so: else every password of others would go to the token's server.
using System.Text;
using AuthServer.Logins;
using AuthServer.OAuth2;
using Sasl.Credentials;
using Sasl.Credentials.OAuth2;

namespace AuthServer.Passdb.Drivers;

/// <summary>Bearer tokens of an OAuth 2.0 issuer (OAUTHBEARER, XOAUTH2), and passwords that it exchanges for tokens. Nothing is remembered.</summary>
sealed class OAuth2Passdb : IPassdb, IDisposable
{
    static readonly string[] _withPassword = ["PLAIN", "LOGIN"];

    readonly OAuth2Block _block;
    readonly OAuth2Options _options;
    readonly TokenJudge _judge;
    readonly LoginTemplate _format;
    readonly IReadOnlyList<(string Name, AnswerTemplate Value)> _fields;
    readonly bool _takesPasswordsForTokens;

    OAuth2Passdb(DatabaseContext context)
    {
        _block = new(context);
        _options = _block.Options();
        _format = _block.Template("username_format", "%Lu");
        _fields = _block.Fields("pass_attrs");
        _takesPasswordsForTokens = PassdbRules.From(context.Block, _ => { }).Mechanisms.Any(_withPassword.Contains);
        _judge = _block.Open(_options);
    }

    public static IPassdb Open(DatabaseContext context) => new OAuth2Passdb(context);

    public string Driver => "oauth2";

    public PassdbAbilities Abilities => (JudgesTokens ? PassdbAbilities.Tokens : PassdbAbilities.None)
        | (_options.Grant is not null || (_takesPasswordsForTokens && JudgesTokens) ? PassdbAbilities.Passwords : PassdbAbilities.None);

    bool JudgesTokens => _options.Mode == IntrospectionMode.Local || _options.TokenInfo is not null || _options.Introspection is not null;

    public async ValueTask<PassdbRow> ValidateAsync(LoginFacts login, ReadOnlyMemory<byte> token, CancellationToken stop) =>
        Row(login, await _judge.JudgeAsync(token, _block.Tell(login), stop), isNamed: login.User.Length > 0);

    public async ValueTask<PassdbRow> VerifyAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        if (password.IsEmpty)
            return new(PassdbKind.Mismatch, "empty password");
        if (_options.Grant is null)
            return await ValidateAsync(login, password, stop);
        var granted = await _judge.GrantAsync(login.User, Encoding.UTF8.GetString(password.Span), _block.Tell(login), stop);
        // The server has looked at name and password together: what says nothing more is his.
        return granted.Kind == VerdictKind.Ok && !granted.Claims!.Has(_options.UserClaim) ? PassdbRow.Found([.. Fields(login, granted.Claims)]) : Row(login, granted, isNamed: true);
    }

    public void Dispose() => _judge.Dispose();

    PassdbRow Row(LoginFacts login, TokenVerdict verdict, bool isNamed)
    {
        if (verdict.Kind != VerdictKind.Ok)
            return new(verdict.Kind switch { VerdictKind.Disabled => PassdbKind.Disabled, VerdictKind.Unavailable => PassdbKind.Failed, _ => PassdbKind.Mismatch }, verdict.Reason);
        if (verdict.Claims!.Text(_options.UserClaim) is not { Length: > 0 } name)
            return new(PassdbKind.Mismatch, $"the token does not say whose it is (username_attribute = {_options.UserClaim})");
        var user = Formatted(name, login);
        if (!isNamed)
            return PassdbRow.Found([("user", user), .. Fields(login, verdict.Claims)]);
        return user.Length > 0 && user == Formatted(login.User, login) ? PassdbRow.Found([.. Fields(login, verdict.Claims)]) : new(PassdbKind.Mismatch, "the token is another user's");
    }

    string Formatted(string name, LoginFacts login) => _format.Expand(new(name, name, login.Origin));

    IEnumerable<(string, string)> Fields(LoginFacts login, TokenClaims claims)
    {
        foreach (var (name, value) in _fields)
        {
            if (value.Expand(login, claims.Text) is { } text && !text.AsSpan().ContainsAnyInRange('\0', '\x1f'))
                yield return (name, text);
        }
    }
}

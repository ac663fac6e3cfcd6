// Invariants of this file:
//  * What a client has typed stays a value, in filters and in names, whatever auth_username_chars allows.
//  * With auth_bind the password goes to the server alone, and an empty one nowhere.
using System.Text;
using AuthServer.Ldap;
using AuthServer.Logins;
using Sasl.Credentials;
using Sasl.Credentials.Ldap;

namespace AuthServer.Passdb.Drivers;

/// <summary>Users in a directory: their stored passwords, or with auth_bind = yes the server's word on a password.</summary>
sealed class LdapPassdb : IPassdb, IDisposable
{
    const string DefaultFilter = "(&(objectClass=posixAccount)(uid=%u))", DefaultAttributes = "uid=user,userPassword=password", DefaultScheme = "CRYPT";

    readonly LdapBlock _block;
    readonly LdapDirectory _directory;
    readonly LdapAttributeMap _map;
    readonly LoginTemplate _filter;
    readonly LoginTemplate? _name;
    readonly string _scheme;
    readonly bool _binds, _writes;

    LdapPassdb(DatabaseContext context)
    {
        _block = new(context);
        _binds = _block.IsYes("auth_bind");
        _name = _binds && _block.Text("auth_bind_userdn", "").Length > 0 ? _block.Template("auth_bind_userdn", "") : null;
        if (_name is null)
            _block.DemandBase();
        _filter = _block.Filter("pass_filter", DefaultFilter);
        _map = _block.Attributes("pass_attrs", DefaultAttributes);
        _scheme = _block.Text("default_pass_scheme", DefaultScheme).ToUpperInvariant();
        _writes = _block.IsYes("ldap_password_write");
        if (_writes && (_binds || _map.PasswordAttribute is null))
            throw new FormatException("ldap_password_write needs auth_bind = no and \"attribute=password\" in pass_attrs");
        _directory = _block.Open();
        Variables = [.. _filter.Variables.Concat(_block.Base.Variables).Concat(_name?.Variables ?? []).Concat(_map.Variables).Append("user").Distinct()];
    }

    public static IPassdb Open(DatabaseContext context) => new LdapPassdb(context);

    public string Driver => "ldap";

    public PassdbAbilities Abilities => !_binds ? PassdbAbilities.Secrets
        : PassdbAbilities.Passwords | (_block.Base.Text.Length > 0 ? PassdbAbilities.Names : PassdbAbilities.None);

    public IReadOnlyCollection<string>? Variables { get; }

    public async ValueTask<PassdbRow> FindAsync(LoginFacts login, CancellationToken stop)
    {
        if (login.User.Length > LdapBlock.LongestName)
            return PassdbRow.Unknown;
        try
        {
            return await EntryAsync(login, stop) is not { } entry ? PassdbRow.Unknown : new(PassdbKind.Found, "")
            {
                Passwords = _binds ? [] : [.. _map.Passwords(login, entry, _scheme)], Fields = _map.Fields(login, entry),
            };
        }
        catch (LdapException failure)
        {
            return PassdbRow.Failed(failure.Message);
        }
    }

    public async ValueTask<PassdbRow> VerifyAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        // RFC 4513 §5.1.2: many servers say yes to a name without a password, as nobody.
        if (password.IsEmpty)
            return new(PassdbKind.Mismatch, "empty password");
        if (login.User.Length > LdapBlock.LongestName)
            return PassdbRow.Unknown;
        try
        {
            if (_name is not null)
                return Row(await _directory.BindAsync(_name.ExpandDn(login), password, _block.Tell(login), stop), []);
            if (await EntryAsync(login, stop) is { } entry)
                return Row(await _directory.BindAsync(entry.Dn, password, _block.Tell(login), stop), _map.Fields(login, entry));
            await _directory.PretendAsync(_block.Base.ExpandDn(login), password, stop);
            return PassdbRow.Unknown;
        }
        catch (LdapException failure)
        {
            return PassdbRow.Failed(failure.Message);
        }
    }

    /// <summary>ldap_password_write: what the directory has now is deleted by its value, so nothing that somebody else has written meanwhile is lost.</summary>
    public async ValueTask<bool> ReplaceAsync(LoginFacts login, IReadOnlyList<string> expected, IReadOnlyList<string> passwords, CancellationToken stop)
    {
        if (!_writes || login.User.Length > LdapBlock.LongestName)
            return false;
        try
        {
            if (await EntryAsync(login, stop) is not { } entry || !_map.Passwords(login, entry, _scheme).Order().SequenceEqual(expected.Order()))
                return false;
            var attribute = _map.PasswordAttribute!;
            return await _directory.ReplaceAsync(entry.Dn, attribute, [.. entry.Values(attribute)], [.. passwords.Select(Encoding.UTF8.GetBytes)], stop);
        }
        catch (LdapException failure)
        {
            _block.Context.Log.Unavailable(Driver, login.Who, $"the password cannot be written: {failure.Message}");
            return false;
        }
    }

    public void Dispose() => _ = _directory.DisposeAsync().AsTask();

    Task<LdapEntry?> EntryAsync(LoginFacts login, CancellationToken stop) =>
        _directory.FindAsync(_block.Question(login, _filter, _binds ? _map.AttributesWithoutPassword : _map.Attributes), _block.Tell(login), stop);

    static PassdbRow Row(Verdict verdict, IReadOnlyList<(string, string)> fields) => new(verdict.Kind switch
    {
        VerdictKind.Ok => PassdbKind.Found,
        VerdictKind.Disabled => PassdbKind.Disabled,
        VerdictKind.Expired => PassdbKind.Expired,
        VerdictKind.Unavailable => PassdbKind.Failed,
        _ => PassdbKind.Mismatch,
    }, verdict.Reason)
    { Fields = fields };
}

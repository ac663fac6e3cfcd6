using System.Runtime.CompilerServices;
using AuthServer.Ldap;
using AuthServer.Logins;
using AuthServer.Passdb;
using Sasl.Credentials.Ldap;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace AuthServer.Userdb.Drivers;

/// <summary>Whose mail is where, as a directory says; LIST goes through it page by page.</summary>
sealed class LdapUserdb : IUserdb, IDisposable
{
    const string DefaultFilter = "(&(objectClass=posixAccount)(uid=%u))", DefaultAttributes = "homeDirectory=home,uidNumber=uid,gidNumber=gid",
        DefaultListFilter = "(objectClass=posixAccount)", DefaultListAttributes = "uid=user";

    static readonly LoginFacts _nobody = new("", "", new("", null, null));

    readonly LdapBlock _block;
    readonly LdapDirectory _directory;
    readonly LdapAttributeMap _map, _listMap;
    readonly LoginTemplate _filter, _listFilter;
    readonly string _uid, _gid;

    LdapUserdb(DatabaseContext context)
    {
        _block = new(context);
        _block.DemandBase();
        _filter = _block.Filter("user_filter", DefaultFilter);
        _map = _block.Attributes("user_attrs", DefaultAttributes);
        _listFilter = _block.Filter("iterate_filter", DefaultListFilter);
        _listMap = _block.Attributes("iterate_attrs", DefaultListAttributes);
        (_uid, _gid) = (context.Settings.Values.Text(DovecotConf.MailUid), context.Settings.Values.Text(DovecotConf.MailGid));
        _directory = _block.Open();
        Variables = [.. _filter.Variables.Concat(_block.Base.Variables).Concat(_map.Variables).Append("user").Distinct()];
    }

    public static IUserdb Open(DatabaseContext context, UserExists exists) => new LdapUserdb(context);

    public string Driver => "ldap";

    public IReadOnlyCollection<string>? Variables { get; }

    public async ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop)
    {
        if (login.User.Length > LdapBlock.LongestName)
            return Lookup.NotFound;
        try
        {
            var entry = await _directory.FindAsync(_block.Question(login, _filter, _map.Attributes), _block.Tell(login), stop);
            return entry is null ? Lookup.NotFound : await LookupAsync(_map.Fields(login, entry), stop);
        }
        catch (Exception failure) when (failure is LdapException or UnixException)
        {
            return Lookup.Failed(failure.Message);
        }
    }

    /// <summary>A user whose names are several is told by each of them.</summary>
    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var entry in _directory.ListAsync(_block.Question(_nobody, _listFilter, _listMap.Attributes), stop))
        {
            foreach (var name in _listMap.All("user", _nobody, entry).Where(n => n.Length > 0 && !n.AsSpan().ContainsAnyInRange('\0', '\x1f')))
                yield return name;
        }
    }

    public void Dispose() => _ = _directory.DisposeAsync().AsTask();

    async ValueTask<Lookup> LookupAsync(IReadOnlyList<(string Name, string Value)> fields, CancellationToken stop)
    {
        var known = new FieldList();
        known.Set(fields);
        var (user, group) = (known["uid"] ?? _uid, known["gid"] ?? _gid);
        if (user.Length == 0)
            return Lookup.Failed("user_attrs gives no uid, and mail_uid is not set");
        // Numbers are the rule, and cost nothing.
        var accounts = uint.TryParse(user, out var uid) && uint.TryParse(group, out var gid) ? (Uid: uid, Gid: gid) : await ByNameAsync(user, group, stop);
        return accounts is not var (u, g) ? Lookup.Failed($"no such user or group: {user} {group}")
            : new(LookupKind.Found, u, g, known["home"] ?? "", [.. known.All.Where(f => f.Name is not ("uid" or "gid" or "home" or "user")).Select(f => $"{f.Name}={f.Value}")], "");
    }

    async ValueTask<(uint Uid, uint Gid)?> ByNameAsync(string user, string group, CancellationToken stop)
    {
        if (_block.Context.LookUps.TryRun(() => Find(user, group), stop) is not { } work)
            return null;
        return await work;
    }

    static (uint, uint)? Find(string user, string group)
    {
        var account = uint.TryParse(user, out var number) ? Accounts.Find(number) : Accounts.Find(user);
        uint? uid = account?.Uid ?? (uint.TryParse(user, out number) ? number : null);
        uint? gid = group.Length == 0 ? account?.Gid : uint.TryParse(group, out number) ? number : Accounts.FindGroup(group);
        return uid is { } u && gid is { } g ? (u, g) : null;
    }
}

using AuthServer.Logins;
using AuthServer.Passdb;
using Sasl.Hosting.Unix;

namespace AuthServer.Userdb.Drivers;

/// <summary>
/// The same for all: "uid=vmail gid=vmail home=/var/vmail/%d/%n", in args or as settings of the block. Whether a user exists is asked of the passdbs.
/// </summary>
sealed class StaticUserdb : IUserdb
{
    readonly uint _uid, _gid;
    readonly LoginTemplate _home;
    readonly (string Name, LoginTemplate Value)[] _fields;
    readonly UserExists? _exists;

    StaticUserdb(DatabaseContext context, UserExists exists)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in StaticFields.Of(context, "uid", "gid", "home", "allow_all_users"))
            values[name] = value;
        values.Remove("uid", out var user);
        values.Remove("gid", out var group);
        values.Remove("home", out var home);
        _uid = Uid(user) ?? throw new FormatException($"uid={user}: no such user");
        _gid = Gid(group, _uid) ?? throw new FormatException($"gid={group}: no such group");
        _exists = values.Remove("allow_all_users", out var allow) && allow == "yes" ? null : exists;
        _home = LoginTemplate.Parse(home ?? "");
        _fields = [.. values.Select(v => (v.Key, LoginTemplate.Parse(v.Value)))];
    }

    public static IUserdb Open(DatabaseContext context, UserExists exists) => new StaticUserdb(context, exists);

    public string Driver => "static";

    public async ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop)
    {
        if (_exists is not null && !isAuthenticated)
        {
            switch (await _exists(login, stop))
            {
                case null:
                    return Lookup.Failed("no passdb can say whether a user exists: set allow_all_users=yes if every name is one");
                case false:
                    return Lookup.NotFound;
            }
        }
        return new(LookupKind.Found, _uid, _gid, _home.Expand(login), [.. _fields.Select(f => $"{f.Name}={f.Value.Expand(login)}")], "");
    }

    /// <summary>Without one it is mail_uid, or another database's.</summary>
    static uint? Uid(string? text) => text is null ? Lookup.NotSaid : uint.TryParse(text, out var uid) ? uid : Accounts.Find(text)?.Uid;

    static uint? Gid(string? text, uint uid) => text is null ? (uid == Lookup.NotSaid ? Lookup.NotSaid : Accounts.Find(uid)?.Gid ?? Lookup.NotSaid)
        : uint.TryParse(text, out var gid) ? gid : Accounts.FindGroup(text);
}

using System.Globalization;
using AuthServer.Logins;
using AuthServer.Passdb;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;

namespace AuthServer.Userdb.Drivers;

/// <summary>The same files as passdb passwd-file: uid, gid, home and the extra fields that begin with "userdb_". uid 0 and gid 0 are nobody's.</summary>
sealed class PasswdFileUserdb : IUserdb
{
    const string Prefix = "userdb_";

    static readonly LoginFacts _nobody = new("", "", new("", null, null));

    readonly PasswdFilePath _where;
    readonly PasswdFileReader<User> _files;

    PasswdFileUserdb(DatabaseContext context)
    {
        _where = new(context);
        _files = new(PasswdFileStyle.Dovecot(_where.Scheme), Make, context.LookUps, context.Log, context.Time) { HoldsPasswords = false };
    }

    public static IUserdb Open(DatabaseContext context, UserExists exists) => new PasswdFileUserdb(context);

    public string Driver => "passwd-file";

    public async ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop)
    {
        try
        {
            if (_where.PathOf(login) is not { } path)
                return Lookup.NotFound;
            if (await _files.ReadAsync(path, stop) is not { } users)
                return _where.Single is null ? Lookup.NotFound : Lookup.Failed($"there is no password file {path}");
            return users.Find(_where.NameOf(login)) is not { } user ? Lookup.NotFound
                : user.Fields is null ? user.Fixed
                : user.Fixed with { Fields = Texts(user.Fields.For(login)) };
        }
        catch (IOException failure)
        {
            return Lookup.Failed(failure.Message);
        }
    }

    public IAsyncEnumerable<string>? ListAsync(CancellationToken stop) => _where.Single is { } path ? AllAsync(path, stop) : null;

    async IAsyncEnumerable<string> AllAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var users = await _files.ReadAsync(path, stop) ?? throw new IOException($"there is no password file {path}");
        foreach (var name in users.Names)
            yield return name;
    }

    /// <summary>On a worker: NSS may be asked for a name.</summary>
    static (User?, string?) Make(PasswdFileUser line)
    {
        if (Id(line.Uid, name => Accounts.Find(name)?.Uid) is not { } uid)
            return (null, $"uid {line.Uid} cannot be used");
        if (Id(line.Gid, Accounts.FindGroup) is not { } gid)
            return (null, $"gid {line.Gid} cannot be used");
        var (fields, complaint) = PasswdFileFields.Read(line.Fields.Where(f => f.Name.StartsWith(Prefix, StringComparison.Ordinal)).Select(f => (f.Name[Prefix.Length..], f.Value)));
        if (fields is null)
            return (null, complaint);
        var found = new Lookup(LookupKind.Found, uid, gid, line.Home, fields.IsFixed ? Texts(fields.For(_nobody)) : [], "");
        return (new(found, fields.IsFixed ? null : fields), null);
    }

    /// <summary>Null: nobody's, or root's.</summary>
    static uint? Id(string text, Func<string, uint?> find)
    {
        if (text.Length == 0)
            return Lookup.NotSaid;
        try
        {
            var id = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : find(text);
            return id is 0 or Lookup.NotSaid ? null : id;
        }
        catch (UnixException)
        {
            return null;
        }
    }

    static string[] Texts(IReadOnlyList<(string Name, string Value)> fields) => [.. fields.Select(f => $"{f.Name}={f.Value}")];

    sealed record User(Lookup Fixed, PasswdFileFields? Fields);
}

using System.Runtime.CompilerServices;
using AuthServer.Logins;
using AuthServer.Passdb;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace AuthServer.Userdb.Drivers;

/// <summary>The system's accounts, through NSS, on threads of its own: a slow directory server must not stop the logins of others.</summary>
sealed class PasswdUserdb(DatabaseContext context) : IUserdb
{
    public static IUserdb Open(DatabaseContext context, UserExists exists) =>
        // "blocking=no" only says how Dovecot asks; anything else would change the answer.
        context.Words.FirstOrDefault(w => !w.StartsWith("blocking=", StringComparison.Ordinal)) is { } word
            ? throw new FormatException($"unknown argument {word}")
            : new PasswdUserdb(context);

    public string Driver => "passwd";

    public IReadOnlyCollection<string>? Variables { get; } = ["user"];

    public async ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop)
    {
        try
        {
            if (context.LookUps.TryRun(() => Accounts.Find(login.User), stop) is not { } work)
                return Lookup.Failed("too many look-ups are waiting");
            return await work is { } account
                ? new(LookupKind.Found, account.Uid, account.Gid, account.Home, [], "")
                : Lookup.NotFound;
        }
        catch (UnixException failure)
        {
            return Lookup.Failed(failure.Message);
        }
    }

    public IAsyncEnumerable<string>? ListAsync(CancellationToken stop) => AllAsync(stop);

    /// <summary>Those whose mail may be handled: from first_valid_uid on.</summary>
    async IAsyncEnumerable<string> AllAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var first = context.Settings.Values.Integer(DovecotConf.FirstValidUid);
        foreach (var (name, uid) in await (context.LookUps.TryRun(Accounts.All, stop) ?? throw new IOException("too many look-ups are waiting")))
        {
            if (uid >= Math.Max(1, first))
                yield return name;
        }
    }
}

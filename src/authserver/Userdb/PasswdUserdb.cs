using Sasl.Credentials;
using Sasl.Hosting.Unix;

namespace AuthServer.Userdb;

/// <summary>The system's accounts, through NSS, on threads of its own: a slow directory server must not stop the logins of others.</summary>
sealed class PasswdUserdb(HashWorkers workers) : IUserdb
{
    public string Driver => "passwd";

    public async ValueTask<Lookup> FindAsync(string user, bool isAuthenticated, CancellationToken stop)
    {
        try
        {
            if (workers.TryRun(() => Accounts.Find(user), stop) is not { } work)
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
}

using AuthServer.Logins;
using Microsoft.Extensions.Logging;

namespace AuthServer.Userdb;

/// <summary>The userdbs in their order: the first that knows the user answers; one that fails hides no later one that knows.</summary>
sealed class UserdbChain(IReadOnlyList<IUserdb> userdbs, ILogger log)
{
    public IReadOnlyList<IUserdb> Userdbs => userdbs;

    public async ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop)
    {
        var worst = Lookup.NotFound;
        foreach (var userdb in userdbs)
        {
            var found = await userdb.FindAsync(login, isAuthenticated, stop);
            login.Explanation?.Add($"userdb {userdb.Driver}: {found.Kind}{(found.Reason.Length > 0 ? $" ({found.Reason})" : "")}");
            switch (found.Kind)
            {
                case LookupKind.Found when found.Uid == 0 || found.Gid == 0:
                    // Mail is never handled as root; to the outside such a user does not exist.
                    log.RootUser(userdb.Driver, login.User);
                    return Lookup.NotFound;
                case LookupKind.Found:
                    return found;
                case LookupKind.Failed:
                    log.UserdbFailed(userdb.Driver, login.User, found.Reason);
                    worst = found;
                    break;
            }
        }
        return worst;
    }
}

using Microsoft.Extensions.Logging;

namespace AuthServer.Userdb;

/// <summary>The userdbs in their order: the first that knows the user answers; one that fails hides no later one that knows.</summary>
sealed class UserdbChain(IReadOnlyList<IUserdb> userdbs, ILogger log)
{
    public async ValueTask<Lookup> FindAsync(string user, bool isAuthenticated, CancellationToken stop)
    {
        var worst = Lookup.NotFound;
        foreach (var userdb in userdbs)
        {
            var found = await userdb.FindAsync(user, isAuthenticated, stop);
            switch (found.Kind)
            {
                case LookupKind.Found when found.Uid == 0 || found.Gid == 0:
                    // Mail is never handled as root; to the outside such a user does not exist.
                    log.RootUser(userdb.Driver, user);
                    return Lookup.NotFound;
                case LookupKind.Found:
                    return found;
                case LookupKind.Failed:
                    log.UserdbFailed(userdb.Driver, user, found.Reason);
                    worst = found;
                    break;
            }
        }
        return worst;
    }
}

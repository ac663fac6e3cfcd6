// Invariants of this file:
//  * What one user's databases have said is in that look-up's facts, and nowhere else.
//  * Nobody's mail is handled as root, whatever a database says.
using AuthServer.Logins;
using AuthServer.Passdb;
using Microsoft.Extensions.Logging;

namespace AuthServer.Userdb;

/// <summary>A userdb and its place in the chain.</summary>
sealed record UserdbEntry(IUserdb Userdb, UserdbRules Rules);

/// <summary>
/// The userdbs in their order: by default the first that knows the user answers, and one that fails hides no later one that knows. Those that go on add
/// their fields to what the earlier ones said; "userdb_…" fields of the login come before all.
/// </summary>
sealed class UserdbChain(IReadOnlyList<UserdbEntry> userdbs, UserdbFields fields, ILogger log)
{
    const string Prefix = "userdb_";

    public IEnumerable<IUserdb> Userdbs => userdbs.Select(u => u.Userdb);

    public async ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop)
    {
        login.UserFields.Clear();
        if (isAuthenticated)
            login.UserFields.Set(login.Fields.All.Where(f => f.Name.StartsWith(Prefix, StringComparison.Ordinal)).Select(f => (f.Name[Prefix.Length..], f.Value)));
        var (worst, isFound, last) = (Lookup.NotFound, false, "");
        foreach (var (userdb, rules) in userdbs)
        {
            if (rules.IsSkipped(isFound))
                continue;
            var found = await userdb.FindAsync(login, isAuthenticated, stop);
            login.Explanation?.Add($"userdb {userdb.Driver}: {found.Kind}{(found.Reason.Length > 0 ? $" ({found.Reason})" : "")}");
            if (found.Kind == LookupKind.Found)
            {
                last = userdb.Driver;
                Add(login, found, rules);
            }
            else if (found.Kind == LookupKind.Failed)
            {
                log.UserdbFailed(userdb.Driver, login.User, found.Reason);
                worst = found;
            }
            var result = found.Kind switch { LookupKind.Found => rules.Success, LookupKind.Failed => rules.InternalFailure, _ => rules.Failure };
            if (result is ChainResult.ContinueOk or ChainResult.ContinueFail)
                isFound = result == ChainResult.ContinueOk;
            if (result == ChainResult.ReturnOk || (result == ChainResult.Return && isFound))
                return await EndAsync(login, last, stop);
            if (result is ChainResult.ReturnFail or ChainResult.Return)
                return worst;
        }
        // Without an answer from each, what they would have added may be missing.
        return isFound && worst.Kind != LookupKind.Failed ? await EndAsync(login, last, stop) : worst;
    }

    async ValueTask<Lookup> EndAsync(LoginFacts login, string driver, CancellationToken stop)
    {
        var answer = await fields.EndAsync(login, stop);
        switch (answer.Kind)
        {
            case LookupKind.Found when answer.Uid == 0 || answer.Gid == 0:
                // To the outside such a user does not exist.
                log.RootUser(driver, login.User);
                return Lookup.NotFound;
            case LookupKind.Failed:
                log.UserdbFailed(driver, login.User, answer.Reason);
                break;
        }
        return answer;
    }

    static void Add(LoginFacts login, Lookup found, UserdbRules rules)
    {
        var said = login.UserFields;
        if (found.Uid != Lookup.NotSaid)
            said.Set("uid", found.Uid.ToString());
        if (found.Gid != Lookup.NotSaid)
            said.Set("gid", found.Gid.ToString());
        if (found.Home.Length > 0)
            said.Set("home", found.Home);
        foreach (var field in found.Fields)
        {
            var equals = field.IndexOf('=');
            said.Set(equals < 0 ? field : field[..equals], equals < 0 ? "yes" : field[(equals + 1)..]);
        }
        foreach (var (name, value) in rules.DefaultFields)
            said.Set(name + ":default", value.Expand(login));
        foreach (var (name, value) in rules.OverrideFields)
            said.Set(name, value.Expand(login));
    }
}

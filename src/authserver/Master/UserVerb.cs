using AuthServer.Logins;
using AuthServer.Userdb;
using Sasl.Protocols;

namespace AuthServer.Master;

/// <summary>USER id name service=x …: USER id name fields, NOTFOUND id, or FAIL id reason= when no database could tell.</summary>
static class UserVerb
{
    public static async ValueTask<bool> AnswerAsync(MasterQuestion question, CancellationToken stop)
    {
        var query = question.Query;
        if (query.Fields.Length == 0 || LoginOrigin.Of(query) is not { } origin)
            return false;
        if (question.Facts(origin) is not { } login)
        {
            question.Reply($"NOTFOUND\t{query.Id}");
            return true;
        }
        var found = await question.Host.Users.FindAsync(login, isAuthenticated: false, stop);
        question.Reply(found.Kind switch
        {
            LookupKind.Found when question.Access.OnlyUid is null || question.Access.OnlyUid == found.Uid => Line(query.Id, login.User, found),
            LookupKind.Found or LookupKind.NotFound => $"NOTFOUND\t{query.Id}",
            _ => $"FAIL\t{query.Id}\treason=Internal error occurred",
        });
        return true;
    }

    public static string Line(uint id, string user, Lookup found)
    {
        string[] fields = ["USER", id.ToString(), user, $"uid={found.Uid}", $"gid={found.Gid}"];
        return TabLine.Join([.. fields, .. found.Home.Length > 0 ? [$"home={found.Home}"] : Array.Empty<string>(), .. found.Fields]);
    }
}

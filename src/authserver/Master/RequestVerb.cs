using AuthServer.Userdb;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Master;

/// <summary>
/// REQUEST id client-pid client-id cookie …: turns a finished login into a user. It is answered only for a login that ended well on a connection of the
/// very process that the asker names, with that connection's cookie, and only once.
/// </summary>
static class RequestVerb
{
    public static async ValueTask<bool> AnswerAsync(MasterQuestion question, CancellationToken stop)
    {
        var (id, host) = (question.Query.Id, question.Host);
        if (question.Query.Fields is not [var pid, var client, var cookie, ..] || !int.TryParse(pid, out var clientPid) || clientPid <= 0 || !MasterCommand.TryId(client, out var clientId))
            return false;
        if (host.Clients.Take(clientPid, clientId, cookie) is not { } finished)
        {
            host.Log.RequestRefused(clientId, clientPid, "no such finished login for this process and cookie");
            question.Reply($"FAIL\t{id}\treason=Authentication request not found");
            return true;
        }
        var found = await host.Users.FindAsync(finished.Login, isAuthenticated: true, stop);
        question.Reply(found.Kind switch
        {
            LookupKind.Found => UserVerb.Line(id, finished.Login.User, found) + $"\tauth_mech={finished.Mechanism}",
            LookupKind.NotFound => $"NOTFOUND\t{id}",
            _ => $"FAIL\t{id}\tcode=temp_fail\treason=Internal error occurred",
        });
        return true;
    }
}

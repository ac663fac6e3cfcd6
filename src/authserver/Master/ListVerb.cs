using System.IO.Enumeration;
using Sasl.Protocols;

namespace AuthServer.Master;

/// <summary>LIST id [user=mask]: LIST id name for each user, then DONE id, with "fail" when not every userdb could tell its users.</summary>
static class ListVerb
{
    public static async ValueTask<bool> AnswerAsync(MasterQuestion question, CancellationToken stop)
    {
        var query = question.Query;
        var mask = query["user"] is { Length: > 0 } given ? given : "*";
        var isWhole = true;
        foreach (var userdb in question.Host.Users.Userdbs)
        {
            if (userdb.ListAsync(stop) is not { } users)
            {
                isWhole = false;
                continue;
            }
            try
            {
                await foreach (var user in users)
                {
                    if (FileSystemName.MatchesSimpleExpression(mask, user))
                        question.Reply(TabLine.Join("LIST", query.Id.ToString(), user));
                }
            }
            catch (IOException failure)
            {
                question.Host.Log.UserdbFailed(userdb.Driver, mask, failure.Message);
                isWhole = false;
            }
        }
        question.Reply(isWhole ? $"DONE\t{query.Id}\t" : $"DONE\t{query.Id}\tfail");
        return true;
    }
}

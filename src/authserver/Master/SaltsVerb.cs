using AuthServer.Logins;
using AuthServer.Passdb;
using Sasl.Credentials.Schemes;
using Sasl.Mechanisms;
using Sasl.Protocols;

namespace AuthServer.Master;

/// <summary>
/// SALTS id user: a line "SALTS id mechanism iterations salt" for each SCRAM secret that is stored of a user, then DONE. A command of our own, for mailctl: an app
/// password made with the same salt can be used beside the user's own. Everybody who logs in by SCRAM sees salts; keys are told to nobody.
/// </summary>
static class SaltsVerb
{
    public static async ValueTask<bool> AnswerAsync(MasterQuestion question, CancellationToken stop)
    {
        var query = question.Query;
        if (query.Fields is not [{ Length: > 0 }])
            return false;
        if (question.Facts(new("none", null, null)) is { } login)
        {
            var row = await question.Host.Passdbs.LookUpAsync(login, stop);
            foreach (var secret in ScramHash.All.Select(h => StoredPasswords.Find(row.Passwords, h.Kind)).OfType<ScramSecret>())
                question.Reply(TabLine.Join("SALTS", query.Id.ToString(), secret.Hash.MechanismName, secret.Iterations.ToString(), Convert.ToBase64String(secret.Salt.Span)));
        }
        question.Reply($"DONE\t{query.Id}\t");
        return true;
    }
}

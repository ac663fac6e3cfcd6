using AuthServer.Logins;
using AuthServer.Passdb;
using AuthServer.Userdb;
using Sasl.Credentials;
using Sasl.Credentials.Schemes;
using Sasl.Mechanisms;
using Sasl.Protocols;

namespace AuthServer.Master;

/// <summary>
/// EXPLAIN id name service=x [rip=…] [resp=base64 of a password]: an EXPLAIN line for each step of a login, then DONE. Without a password only what can be looked
/// up is told; with one it is a login like any other, but for the limits: they are told, and nothing is counted. No line holds a secret.
/// </summary>
static class ExplainVerb
{
    public static async ValueTask<bool> AnswerAsync(MasterQuestion question, CancellationToken stop)
    {
        var query = question.Query;
        if (query.Fields.Length == 0 || LoginOrigin.Of(query) is not { } origin)
            return false;
        var explanation = new Explanation();
        if (query["resp"] is { } password)
            await LogInAsync(question, origin, password, explanation, stop);
        else
            await LookUpAsync(question, origin, explanation, stop);
        foreach (var step in explanation.Steps)
            question.Reply(TabLine.Join("EXPLAIN", query.Id.ToString(), step));
        question.Reply($"DONE\t{query.Id}\t");
        return true;
    }

    static async ValueTask LogInAsync(MasterQuestion question, LoginOrigin origin, string base64, Explanation explanation, CancellationToken stop)
    {
        var host = question.Host;
        var began = host.Time.GetTimestamp();
        var password = new byte[base64.Length];
        var isBase64 = Convert.TryFromBase64String(base64, password, out var length);
        origin = origin with { Mechanism = "PLAIN", Parameters = [.. origin.Parameters.Where(p => !p.StartsWith("resp=", StringComparison.Ordinal))] };
        var credentials = host.CredentialsFor(origin, explanation);
        var verified = isBase64 ? await credentials.VerifyPasswordAsync(question.Query.Fields[0], password.AsMemory(0, length), stop)
            : Verification.Refused(FailureKind.MalformedMessage, "the password is not base64");
        credentials.Decided(new(credentials.Login, origin, verified.IsAccepted ? verified.Id : question.Query.Fields[0], verified.Refusal, verified.Reason, host.Time.GetElapsedTime(began)));
        explanation.Add(verified.IsAccepted ? $"=> accepted as {verified.Id}" : $"=> refused: {verified.Refusal}{(verified.Reason.Length > 0 ? $" ({verified.Reason})" : "")}");
        if (verified.IsAccepted && credentials.Login is { } login)
            await UserAsync(question, login, isAuthenticated: true, explanation, stop);
    }

    static async ValueTask LookUpAsync(MasterQuestion question, LoginOrigin origin, Explanation explanation, CancellationToken stop)
    {
        var given = question.Query.Fields[0];
        if (question.Facts(origin, explanation) is not { } login)
        {
            explanation.Add($"name {given}: not allowed (auth_username_chars, auth_username_format)");
            return;
        }
        explanation.Add(login.User == given ? $"name: {given}" : $"name: {given} is looked up as {login.User}");
        foreach (var entry in question.Host.Passdbs.Passdbs)
            await StoredAsync(entry, login, explanation, stop);
        var row = await question.Host.Passdbs.LookUpAsync(login, stop);
        explanation.Add($"=> {(row.Kind == PassdbKind.Found ? $"the passdbs know him as {login.User}" : $"{row.Kind} ({row.Reason})")}");
        foreach (var (name, value) in login.Fields.All)
            explanation.Add($"field {name}={value}");
        await UserAsync(question, login, isAuthenticated: row.Kind == PassdbKind.Found, explanation, stop);
    }

    /// <summary>How his password is stored, and which mechanisms that serves.</summary>
    static async ValueTask StoredAsync(PassdbEntry entry, LoginFacts login, Explanation explanation, CancellationToken stop)
    {
        if (!entry.Rules.Serves(login.User, login.Origin.Mechanism))
        {
            explanation.Add($"{entry.Name}: not asked (mechanisms, username_filter)");
            return;
        }
        if (!entry.Passdb.Abilities.HasFlag(PassdbAbilities.Secrets))
        {
            explanation.Add($"{entry.Name}: only says whether a password is right (explain -p)");
            return;
        }
        var row = await entry.Passdb.FindAsync(login, stop);
        if (row.Passwords.Count > 0)
            explanation.Add($"{entry.Name}: stored as {string.Join(", ", row.Passwords.Select(PasswordScheme.NameOf))}");
    }

    static async ValueTask UserAsync(MasterQuestion question, LoginFacts login, bool isAuthenticated, Explanation explanation, CancellationToken stop)
    {
        var found = await question.Host.Users.FindAsync(login, isAuthenticated, stop);
        if (found.Kind == LookupKind.Found)
            explanation.Add($"=> uid {found.Uid}, gid {found.Gid}, home {found.Home}{string.Concat(found.Fields.Select(f => $", {f}"))}");
    }
}

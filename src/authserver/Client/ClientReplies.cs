using System.Text;
using AuthServer.Logins;
using Sasl.Mechanisms;
using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Client;

/// <summary>
/// The lines that a client can get. The one place that turns outcomes into replies: what a user may read goes out, the reason stays in
/// the log. Every line has the client's id as second field, and user= comes first (Exim and Postfix look for no more).
/// </summary>
static class ClientReplies
{
    /// <summary>Also of an empty challenge the third field must be there: Postfix takes its lack for a broken server.</summary>
    public static byte[] Continue(uint id, ReadOnlySpan<byte> challenge, ReplyForm form = default) =>
        Line($"CONT\t{id}\t{Convert.ToBase64String(challenge)}{(form.IsDraining ? $"\t{AuthParameters.Draining}" : "")}");

    /// <summary>Asks the front end, not its client, for a channel binding.</summary>
    public static byte[] AskBinding(uint id, string type) => Line($"CONT\t{id}\t#\tchannel_binding={TabLine.Escape(type)}");

    public static byte[] Ok(uint id, SaslOutcome.Success success, LoginFacts login, string given, byte[]? finalData, ReplyForm form)
    {
        var line = new ReplyLine($"OK\t{id}", form);
        line.Add("user", success.AuthorizationId);
        // They say who somebody is and come first; what a database adds gives way when the line gets too long for its reader.
        if (given != success.AuthorizationId && given.Length > 0)
            line.Add("original_user", given);
        if (success.AuthenticationId != success.AuthorizationId)
            line.Add("auth_user", success.AuthenticationId);
        if (success.IsAnonymous)
            line.Add("anonymous");
        if (finalData is not null)
            line.Add("resp", Convert.ToBase64String(finalData));
        line.AddFields(login);
        return line.ToBytes();
    }

    /// <summary>
    /// A source that cannot be asked is told by code=temp_fail, which our own front ends and Dovecot's understand, and a reason that the user
    /// can read. Those who would make a wrong password of it are hung up on instead (see the connection).
    /// </summary>
    /// <param name="login">What the databases say of a user who was found and may not log in; else null.</param>
    public static byte[] Fail(uint id, SaslOutcome.Failure failure, LoginFacts? login = null, ReplyForm form = default)
    {
        var line = new ReplyLine($"FAIL\t{id}", form);
        if (failure.AuthenticationId is { Length: > 0 } user)
            line.Add("user", user);
        var code = failure.Kind switch
        {
            FailureKind.NotAuthorized => "authz_fail",
            FailureKind.Disabled => "user_disabled",
            FailureKind.Expired => "pass_expired",
            FailureKind.Temporary => "temp_fail",
            _ => null,
        };
        if (code is not null)
            line.Add("code", code);
        // Only who knows the password hears what is said of the account.
        var told = failure.Kind is FailureKind.Disabled or FailureKind.Expired ? login : null;
        var reason = told?.Fields["reason"] is { Length: > 0 } own ? own
            : failure.Kind switch { FailureKind.Expired => "Password expired", FailureKind.Temporary => "Temporary authentication failure", _ => null };
        if (reason is not null)
            line.Add("reason", reason);
        if (told is not null)
            line.AddFields(told, "reason", "nologin");
        return line.ToBytes();
    }

    /// <summary>A refusal before anything was asked, in words for the user.</summary>
    public static byte[] Refused(uint id, string reason) => Fail(id, null, $"reason={TabLine.Escape(reason)}");

    public static byte[] Cancelled(uint id) => Line($"CANCELLED\t{id}");

    public static byte[] InvalidBase64(uint id, string where) => Fail(id, null, $"code=invalid_base64\treason=Invalid base64 data in {where}");

    public static byte[] TimedOut(uint id) => Fail(id, null, "reason=Authentication request timed out");

    public static byte[] Unexpected(uint id) => Fail(id, null, "reason=Unexpected continuation");

    public static byte[] UnknownMechanism(uint id) => Fail(id, null, "reason=Unsupported authentication mechanism");

    public static byte[] TooMany(uint id) => Fail(id, null, "code=temp_fail\treason=Too many requests");

    static byte[] Fail(uint id, string? user, string rest) =>
        Line($"FAIL\t{id}{(user is { Length: > 0 } ? $"\tuser={TabLine.Escape(user)}" : "")}{(rest.Length > 0 ? $"\t{rest}" : "")}");

    static byte[] Line(string text) => Encoding.UTF8.GetBytes(text + "\n");
}

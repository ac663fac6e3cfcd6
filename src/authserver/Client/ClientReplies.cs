using System.Text;
using Sasl.Mechanisms;
using Sasl.Protocols;

namespace AuthServer.Client;

/// <summary>
/// The lines that a client can get. The one place that turns outcomes into replies: what a user may read goes out, the reason stays in
/// the log. Every line has the client's id as second field, and user= comes first (Exim and Postfix look for no more).
/// </summary>
static class ClientReplies
{
    /// <summary>Also of an empty challenge the third field must be there: Postfix takes its lack for a broken server.</summary>
    public static byte[] Continue(uint id, ReadOnlySpan<byte> challenge) => Line($"CONT\t{id}\t{Convert.ToBase64String(challenge)}");

    public static byte[] Ok(uint id, SaslOutcome.Success success, string given, byte[]? finalData)
    {
        var line = new StringBuilder($"OK\t{id}\tuser={TabLine.Escape(success.AuthorizationId)}");
        if (given != success.AuthorizationId && given.Length > 0)
            line.Append($"\toriginal_user={TabLine.Escape(given)}");
        if (success.AuthenticationId != success.AuthorizationId)
            line.Append($"\tauth_user={TabLine.Escape(success.AuthenticationId)}");
        if (success.IsAnonymous)
            line.Append("\tanonymous");
        if (finalData is not null)
            line.Append($"\tresp={Convert.ToBase64String(finalData)}");
        return Line(line.ToString());
    }

    /// <summary>
    /// A source that cannot be asked is told by code=temp_fail, which our own front ends and Dovecot's understand, and a reason that the user
    /// can read. Those who would make a wrong password of it are hung up on instead (see the connection).
    /// </summary>
    public static byte[] Fail(uint id, SaslOutcome.Failure failure) => Fail(id, failure.AuthenticationId, failure.Kind switch
    {
        FailureKind.NotAuthorized => "code=authz_fail",
        FailureKind.Disabled => "code=user_disabled",
        FailureKind.Expired => "code=pass_expired\treason=Password expired",
        FailureKind.Temporary => "code=temp_fail\treason=Temporary authentication failure",
        _ => "",
    });

    public static byte[] InvalidBase64(uint id, string where) => Fail(id, null, $"code=invalid_base64\treason=Invalid base64 data in {where}");

    public static byte[] TimedOut(uint id) => Fail(id, null, "reason=Authentication request timed out");

    public static byte[] Unexpected(uint id) => Fail(id, null, "reason=Unexpected continuation");

    public static byte[] UnknownMechanism(uint id) => Fail(id, null, "reason=Unsupported authentication mechanism");

    public static byte[] TooMany(uint id) => Fail(id, null, "code=temp_fail\treason=Too many requests");

    static byte[] Fail(uint id, string? user, string rest) =>
        Line($"FAIL\t{id}{(user is { Length: > 0 } ? $"\tuser={TabLine.Escape(user)}" : "")}{(rest.Length > 0 ? $"\t{rest}" : "")}");

    static byte[] Line(string text) => Encoding.UTF8.GetBytes(text + "\n");
}

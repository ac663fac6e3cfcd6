using Sasl.Protocols.Saslauthd;

namespace Sasl.Credentials.Sources;

/// <summary>Asks a saslauthd: the way in which an unprivileged server checks passwords that only root can read.</summary>
public sealed class SaslauthdSource(SaslauthdClient client) : IPasswordSource
{
    // Cyrus' mechanisms, in this order: any, shadow and getpwent, pam, kerberos5 and rimap, rimap. A user with the right password must
    // not hear "no" because a server behind the daemon is down.
    static readonly string[] _couldNotLook =
    [
        "internal mechanism failure", "lookup failure", "PAM start error", "internal error", "currently unavailable",
        "Couldn't contact remote authentication server", "error synchronizing with remote authentication server",
        "Unexpected response from remote authentication server",
    ];

    public string Name => "saslauthd";

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop)
    {
        // Cyrus saslauthd reads C strings and would take what stands before the NUL.
        if (query.Password.Span.Contains((byte)0) || query.User.Contains('\0'))
            return new(VerdictKind.Refused, "NUL in login or password");
        var (login, realm) = LoginName.From(query.User, query.Realm);
        // Always five fields: unreleased Cyrus waits for the fifth for ever, and every other one ignores an empty one.
        var answer = await client.AskAsync(new(login, query.Password, query.Service, realm, query.RemoteAddress ?? ""), stop);
        return answer switch
        {
            { IsOk: true } => Verdict.Ok,
            { Stage: SaslauthdStage.Replied } => new(KindOf(answer.Text), answer.Text),
            { Stage: SaslauthdStage.Connect } => new(VerdictKind.Unavailable, $"cannot connect to saslauthd server: {answer.Text}"),
            _ => new(VerdictKind.Unavailable, $"saslauthd: {answer.Text}"),
        };
    }

    /// <summary>The texts of shadow, which come only after a right password, and those by which a daemon says that it could not look.</summary>
    static VerdictKind KindOf(string text) => text switch
    {
        "Account expired" => VerdictKind.Disabled,
        "Password expired" => VerdictKind.Expired,
        _ when _couldNotLook.Any(phrase => text.Contains(phrase, StringComparison.Ordinal)) => VerdictKind.Unavailable,
        _ => VerdictKind.Refused,
    };
}

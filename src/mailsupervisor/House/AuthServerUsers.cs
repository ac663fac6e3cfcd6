using Sasl.Protocols.DovecotAuth;
using Sasl.Protocols.Supervision;

namespace MailSupervisor.House;

/// <summary>The user directory behind the auth server's master socket.</summary>
sealed class AuthServerUsers(AuthMasterClient master) : IUserDirectory
{
    public async ValueTask<UserAnswer> ConfirmAsync(HandOffRequest request, int frontEndPid, CancellationToken stop) =>
        Read(await master.RequestAsync(frontEndPid, request.RequestId, request.Cookie, stop, request.AuthPid));

    public async ValueTask<UserAnswer> FindAsync(string user, CancellationToken stop) => Read(await master.UserAsync(user, "lmtp", stop));

    /// <summary>A uid that is missing counts as no user: the mailbox would belong to nobody.</summary>
    static UserAnswer Read(UserdbAnswer answer) => answer.Status switch
    {
        UserdbStatus.Found when answer is { Uid: { } uid, Gid: { } gid } => new(UserStatus.Found, answer.User, uid, gid, answer.Home ?? "", answer.Mail),
        UserdbStatus.Found or UserdbStatus.NotFound => UserAnswer.Unknown,
        _ => UserAnswer.Unavailable,
    };
}

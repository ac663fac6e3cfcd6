using Sasl.Protocols.Supervision;

namespace MailSupervisor.House;

/// <summary>The auth server's master side as the supervisor needs it.</summary>
interface IUserDirectory
{
    /// <summary>Turns a reference to a finished login into a user; single use, bound to the front end's pid.</summary>
    ValueTask<UserAnswer> ConfirmAsync(HandOffRequest request, int frontEndPid, CancellationToken stop);

    /// <summary>Looks a recipient up.</summary>
    ValueTask<UserAnswer> FindAsync(string user, CancellationToken stop);
}

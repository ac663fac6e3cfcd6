namespace Sasl.Credentials.Remote;

/// <summary>A login in one protocol, from the greeting to the verdict.</summary>
interface IRemoteLogin
{
    /// <summary>RemoteException when the server breaks off or does not speak the protocol.</summary>
    Task<Verdict> RunAsync(RemoteConversation server, PasswordQuery query, CancellationToken stop);
}

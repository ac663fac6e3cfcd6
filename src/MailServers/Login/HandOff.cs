// Gives the session of a logged-in client to a worker.
//
// Invariants of this file:
//  * No user is named: the request refers to a finished authentication, and only the auth server can turn it into a user.
//  * Nothing is written to the client after its login succeeded: the worker answers the tagged OK or "+OK".
//  * The client's bytes that were read too early go along. The socket is closed here without a shutdown, so the worker's copy lives.
using System.Net.Sockets;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Sasl.Protocols.Supervision;

namespace MailServers.Login;

static class HandOff
{
    public static async Task<LoginEnd?> RunAsync(LoginClient client, AuthReference reference, string tag)
    {
        var connection = client.Connection;
        if (!client.Promote())
            return client.OverEnd;
        if (!await connection.FlushAsync(client.Over))
            return LoginEnd.Closed;
        client.StopClock();
        var request = new HandOffRequest(client.Host.Dialect.Protocol, reference.ServerPid, reference.RequestId, reference.Cookie,
            client.Session, tag, client.Peer.Remote.ToString(), connection.Reader.TakeBufferedInput());
        return connection.Tls is null
            ? await OfferAsync(client, request, connection.Socket) ? LoginEnd.HandedOver : Refused(client, tag)
            : await RelayAsync(client, request) ? LoginEnd.HandedOver : Refused(client, tag);
    }

    static async Task<bool> RelayAsync(LoginClient client, HandOffRequest request)
    {
        var (ours, theirs) = Descriptors.Pair(SocketType.Stream);
        using (ours)
        {
            using (theirs)
                if (!await OfferAsync(client, request, theirs))
                    return false;
            var totals = await TlsRelay.RunAsync(client.Connection.Tls!, ours, client.Host.Settings.RelayWriteTimeout, client.Host.RelaysOver);
            LoginLog.RelayEnded(client.Host.Log, totals.FromClient, totals.ToClient, client.Session);
        }
        await Farewell.SayAsync(client.Connection);
        return true;
    }

    static async Task<bool> OfferAsync(LoginClient client, HandOffRequest request, Socket stream)
    {
        var answer = await client.Host.Supervisor.HandOffAsync(request, stream, CancellationToken.None);
        if (answer.IsOk)
            LoginLog.LoggedIn(client.Host.Log, LoginElements.Of(client, answer.WorkerPid));
        else
            LoginLog.HandOffFailed(client.Host.Log, answer.Code!, answer.Reason, client.Session);
        return answer.IsOk;
    }

    static LoginEnd Refused(LoginClient client, string tag)
    {
        client.Host.Dialect.Refuse(client, tag, new(RefusalKind.Unavailable));
        return LoginEnd.HandOffFailed;
    }
}

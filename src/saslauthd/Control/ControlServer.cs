using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd.Control;

/// <summary>
/// The socket "control": the administrator's questions, for root and the daemon's own user, whatever became of the socket's mode. Each has a maximum and a deadline; a few at once.
/// </summary>
static class ControlServer
{
    const int MostAtOnce = 8;

    static readonly TimeSpan RequestDeadline = TimeSpan.FromSeconds(10);

    public static Task RunAsync(Socket listener, ControlCommands commands, ILogger log, CancellationToken stop)
    {
        var acceptor = new Acceptor(listener, MostAtOnce, (socket, ending) => ServeAsync(socket, commands, ending), isCounted: false);
        acceptor.Failed += log.Bug;
        return acceptor.RunAsync(stop);
    }

    static async Task ServeAsync(Socket socket, ControlCommands commands, CancellationToken stop)
    {
        using (socket)
        {
            if (!MayAsk(Descriptors.PeerOf(socket)))
                return;
            // Pinned and zeroed: a question has a password in it.
            var buffer = GC.AllocateArray<byte>(ControlRequest.Longest + 1, pinned: true);
            try
            {
                var count = await ReadAsync(socket, buffer, stop);
                var reply = ControlRequest.Parse(buffer.AsMemory(0, count)) is { } request && count <= ControlRequest.Longest
                    ? await commands.RunAsync(request, stop)
                    : ControlReply.Refuse("the request makes no sense");
                await SendAsync(socket, reply.Encode(), stop);
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException)
            {
                // Gone, too slow, or the end of the daemon.
            }
            finally
            {
                CryptographicOperations.ZeroMemory(buffer);
            }
        }
    }

    internal static bool MayAsk(PeerCredentials peer) => peer.Uid == 0 || peer.Uid == Identity.EffectiveUid;

    /// <summary>Until the asker ends its sending side.</summary>
    static async Task<int> ReadAsync(Socket socket, byte[] buffer, CancellationToken stop)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(RequestDeadline);
        var count = 0;
        while (count < buffer.Length && await socket.ReceiveAsync(buffer.AsMemory(count), late.Token) is var more and > 0)
            count += more;
        return count;
    }

    static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> reply, CancellationToken stop)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(RequestDeadline);
        while (!reply.IsEmpty)
            reply = reply[await socket.SendAsync(reply, late.Token)..];
        socket.Shutdown(SocketShutdown.Send);
    }
}

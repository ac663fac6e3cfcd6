using System.Net.Sockets;
using System.Security.Authentication;
using Sasl.Hosting.Net;

namespace MailServers.Login;

/// <summary>
/// Ends a connection so that the last words arrive: a close while the client's bytes are unread is a reset, which may destroy them.
/// </summary>
static class Farewell
{
    const int MostDiscarded = 64 * 1024;

    static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>Sends what is buffered, says that nothing follows, and reads the client's remaining input away, all within two seconds.</summary>
    public static async Task SayAsync(Connection connection)
    {
        using var late = new CancellationTokenSource(_patience);
        try
        {
            if (!await connection.FlushAsync(late.Token))
                return;
            if (connection.Tls is { } tls)
                await tls.ShutdownAsync().WaitAsync(late.Token);
            connection.Socket.Shutdown(SocketShutdown.Send);
            var discarded = 0;
            var block = new byte[512];
            while (discarded < MostDiscarded && await connection.Socket.ReceiveAsync(block, SocketFlags.None, late.Token) is > 0 and var count)
                discarded += count;
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException
            or InvalidOperationException or AuthenticationException)
        {
            // It did not take its leave in time or was gone already.
        }
    }
}

using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd;

/// <summary>
/// One connection: a request, a reply, the end. Every wait has a deadline: for the whole request, for the reply to be taken, and for
/// the client to close, which Cyrus' workers wait for without end.
/// </summary>
sealed class MuxConversation(Verifier verifier, SilentConnections silent, MuxDeadlines deadlines, ILogger log)
{
    public async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        // Pinned, so that no copy of the password is left behind by the garbage collector; zeroed whatever happens.
        var buffer = GC.AllocateArray<byte>(RequestCodec.LongestRequest(), pinned: true);
        using var abandoned = new CancellationTokenSource();
        try
        {
            if (await ReadAsync(socket, buffer, stop) is not { } parsed)
                return;
            var closed = WatchAsync(socket, abandoned);
            var reply = parsed.Reply;
            if (parsed.Status == RequestStatus.Refused)
            {
                SaslauthdMetrics.Malformed();
                log.BadRequest(parsed.Problem);
            }
            else
            {
                // The end of the daemon does not cancel this.
                reply = await verifier.AnswerAsync(parsed.Request!, abandoned.Token);
            }
            CryptographicOperations.ZeroMemory(buffer);
            await ReplyAsync(socket, reply);
            await AwaitCloseAsync(socket, closed, stop);
        }
        catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
        {
            log.Abandoned();
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException or TimeoutException)
        {
            // The client went, or was too slow, or was the oldest of too many, or the daemon ends.
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
            socket.Dispose();
        }
    }

    /// <summary>The request or its refusal; null when the connection ended or the time was over before there was one.</summary>
    async ValueTask<ParsedRequest?> ReadAsync(Socket socket, byte[] buffer, CancellationToken stop)
    {
        var count = 0;
        try
        {
            // What is here already is taken even while the daemon ends, and whoever sent it was never silent.
            if (Take(socket, buffer, ref count) is { } parsed)
                return parsed;
            var waiting = silent.Add(socket);
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
            deadline.CancelAfter(deadlines.Request);
            try
            {
                while (await socket.ReceiveAsync(buffer.AsMemory(count), deadline.Token) is var more and > 0)
                {
                    count += more;
                    if (Take(socket, buffer, ref count) is { } late)
                        return late;
                }
            }
            finally
            {
                silent.Remove(waiting);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Logged below like an end in the middle.
        }
        if (count > 0)
            log.Incomplete(count);
        else
            log.NoRequest();
        return null;
    }

    /// <summary>
    /// Reads what has come, without waiting: a fifth field in a packet of its own is read too when it is here. Null when it is no request yet.
    /// </summary>
    static ParsedRequest? Take(Socket socket, byte[] buffer, ref int count)
    {
        while (true)
        {
            if (count < buffer.Length && socket.Available > 0)
                count += socket.Receive(buffer.AsSpan(count));
            var parsed = RequestCodec.Parse(buffer.AsMemory(0, count));
            if (parsed.Status == RequestStatus.Incomplete)
                return null;
            if (parsed.Status == RequestStatus.Refused || count == buffer.Length || socket.Available == 0)
                return parsed;
        }
    }

    async ValueTask ReplyAsync(Socket socket, string reply)
    {
        using var deadline = new CancellationTokenSource(deadlines.Reply);
        var bytes = ReplyCodec.Encode(reply);
        for (var sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent), deadline.Token);
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>
    /// Reads away what still comes, since closing with unread bytes would take the reply from the client, and ends when the client has
    /// closed. One that goes before its answer gives up its place in the queue of hashes: under load most of those waiting would be such.
    /// One that has only shut down its sending side still waits.
    /// </summary>
    static async Task WatchAsync(Socket socket, CancellationTokenSource abandoned)
    {
        var scrap = new byte[64];
        try
        {
            while (await socket.ReceiveAsync(scrap) > 0)
                CryptographicOperations.ZeroMemory(scrap);
            if (UnixSockets.HasHungUp(socket))
                await abandoned.CancelAsync();
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // Our own side closed it.
        }
    }

    async ValueTask AwaitCloseAsync(Socket socket, Task closed, CancellationToken stop)
    {
        var waiting = silent.Add(socket);
        try
        {
            await closed.WaitAsync(deadlines.Close, stop);
        }
        finally
        {
            silent.Remove(waiting);
        }
    }
}

/// <summary>How long a client may take to send its request, to take the reply and to close.</summary>
sealed record MuxDeadlines(TimeSpan Request, TimeSpan Reply, TimeSpan Close)
{
    /// <summary>Every client known sends its request in one write, takes some bytes and closes: seconds are an age.</summary>
    public static readonly MuxDeadlines Default = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));
}

using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd.Requests;

/// <summary>
/// One connection: a request, a reply, the end. Every wait has a deadline: for the whole request, for the reply to be taken, and for
/// the client to close, which Cyrus' workers wait for without end.
/// </summary>
sealed class MuxConversation(Func<Reception> current, SilentConnections silent, MuxDeadlines deadlines, ILogger log)
{
    public async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        var reception = current();
        var buffer = reception.Buffers.Rent();
        using var abandoned = new CancellationTokenSource();
        try
        {
            var peer = Descriptors.PeerOf(socket);
            if (!reception.Admits(socket, peer))
            {
                await EndAsync(socket, "NO access denied", WatchAsync(socket, abandoned), stop);
                return;
            }
            (buffer, var request) = await ReadAsync(socket, reception.Buffers, buffer, stop);
            if (request is not { } parsed)
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
                reply = await AnswerAsync(reception, parsed.Request!, peer, abandoned.Token);
            }
            CryptographicOperations.ZeroMemory(buffer);
            await EndAsync(socket, reply, closed, stop);
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
            reception.Buffers.Return(buffer);
            socket.Dispose();
        }
    }

    static async ValueTask<string> AnswerAsync(Reception reception, SaslauthdRequest request, PeerCredentials peer, CancellationToken abandoned)
    {
        if (!reception.Limits.TryEnter(peer.Uid))
            return reception.Verifier.TurnAway(request);
        try
        {
            return await reception.Verifier.AnswerAsync(request, peer.Uid, null, abandoned);
        }
        finally
        {
            reception.Limits.Leave(peer.Uid);
        }
    }

    /// <summary>
    /// The request or its refusal, and the buffer that it is in; null when the connection ended or the time was over before there was one.
    /// </summary>
    async ValueTask<(byte[] Buffer, ParsedRequest? Request)> ReadAsync(Socket socket, RequestBuffers buffers, byte[] buffer, CancellationToken stop)
    {
        var count = 0;
        try
        {
            // What is here already is taken even while the daemon ends, and whoever sent it was never silent.
            if (Take(socket, buffers, ref buffer, ref count) is { } parsed)
                return (buffer, parsed);
            var waiting = silent.Add(socket);
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
            deadline.CancelAfter(deadlines.Request);
            try
            {
                while (await socket.ReceiveAsync(buffer.AsMemory(count), deadline.Token) is var more and > 0)
                {
                    count += more;
                    if (Take(socket, buffers, ref buffer, ref count) is { } late)
                        return (buffer, late);
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
        return (buffer, null);
    }

    /// <summary>
    /// Reads what has come, without waiting: a fifth field in a packet of its own is read too when it is here. Null when it is no request yet.
    /// </summary>
    static ParsedRequest? Take(Socket socket, RequestBuffers buffers, ref byte[] buffer, ref int count)
    {
        while (true)
        {
            if (count < buffer.Length && socket.Available > 0)
                count += socket.Receive(buffer.AsSpan(count));
            var parsed = RequestCodec.Parse(buffer.AsMemory(0, count), longestPassword: buffers.LongestPassword);
            if (parsed.Status == RequestStatus.Refused)
                return parsed;
            // Full and incomplete: a password is announced that is longer than most, and allowed.
            if (parsed.Status == RequestStatus.Incomplete && count == buffer.Length && buffers.Grow(buffer) is { } larger)
                buffer = larger;
            else if (parsed.Status == RequestStatus.Incomplete)
                return null;
            else if (count == buffer.Length || socket.Available == 0)
                return parsed;
        }
    }

    async ValueTask EndAsync(Socket socket, string reply, Task closed, CancellationToken stop)
    {
        await ReplyAsync(socket, reply);
        await AwaitCloseAsync(socket, closed, stop);
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

using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
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
        try
        {
            if (await ReadAsync(socket, buffer, stop) is not { } parsed)
                return;
            var reply = parsed.Reply;
            if (parsed.Status == RequestStatus.Refused)
            {
                SaslauthdMetrics.Malformed();
                log.BadRequest(parsed.Problem);
            }
            else
            {
                reply = await verifier.AnswerAsync(parsed.Request!, stop);
            }
            CryptographicOperations.ZeroMemory(buffer);
            await ReplyAsync(socket, reply);
            await AwaitCloseAsync(socket, buffer, stop);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
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
        var waiting = silent.Add(socket);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(deadlines.Request);
        try
        {
            while (true)
            {
                var more = await socket.ReceiveAsync(buffer.AsMemory(count), deadline.Token);
                if (more == 0)
                    break;
                count += more;
                var parsed = RequestCodec.Parse(buffer.AsMemory(0, count));
                if (parsed.Status == RequestStatus.Complete && count < buffer.Length && socket.Available > 0)
                {
                    // A fifth field that is here already, in a packet of its own. Nothing is waited for.
                    count += socket.Receive(buffer.AsSpan(count));
                    parsed = RequestCodec.Parse(buffer.AsMemory(0, count));
                }
                if (parsed.Status != RequestStatus.Incomplete)
                    return parsed;
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Logged below like an end in the middle.
        }
        finally
        {
            silent.Remove(waiting);
        }
        if (count > 0)
            log.Incomplete(count);
        else
            log.NoRequest();
        return null;
    }

    async ValueTask ReplyAsync(Socket socket, string reply)
    {
        using var deadline = new CancellationTokenSource(deadlines.Reply);
        var bytes = ReplyCodec.Encode(reply);
        for (var sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent), deadline.Token);
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Closing with unread bytes would reset the connection and could take the reply from the client: what it still sends is read away.</summary>
    async ValueTask AwaitCloseAsync(Socket socket, byte[] scrap, CancellationToken stop)
    {
        var waiting = silent.Add(socket);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(deadlines.Close);
        try
        {
            while (await socket.ReceiveAsync(scrap, deadline.Token) > 0)
                CryptographicOperations.ZeroMemory(scrap);
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

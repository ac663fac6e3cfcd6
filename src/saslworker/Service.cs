using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Protocols.Saslauthd;

namespace SaslWorker;

/// <summary>Query after query until saslauthd closes the channel.</summary>
static class Service
{
    public static Task RunAsync(Socket channel, IPasswordSource source, bool isConcurrent, TimeSpan limit, ILogger log) =>
        isConcurrent ? ManyAsync(channel, source, limit, log) : OneByOneAsync(channel, source, log);

    /// <summary>Blocking calls on this one thread: nothing is faster, and nothing else is waiting.</summary>
    static async Task OneByOneAsync(Socket channel, IPasswordSource source, ILogger log)
    {
        var packet = GC.AllocateArray<byte>(WorkerChannel.LongestPacket, pinned: true);
        while (Receive(channel, packet) is var count and > 0)
        {
            if (await AnswerAsync(packet.AsMemory(0, count), source, log, CancellationToken.None) is { } answer)
                channel.Send(answer.Encode());
        }
    }

    static async Task ManyAsync(Socket channel, IPasswordSource source, TimeSpan limit, ILogger log)
    {
        var packet = GC.AllocateArray<byte>(WorkerChannel.LongestPacket, pinned: true);
        while (await channel.ReceiveAsync(packet) is var count and > 0)
        {
            var own = GC.AllocateUninitializedArray<byte>(count, pinned: true);
            packet.AsSpan(0, count).CopyTo(own);
            CryptographicOperations.ZeroMemory(packet.AsSpan(0, count));
            _ = OneOfManyAsync(channel, own, source, limit, log);
        }
    }

    static async Task OneOfManyAsync(Socket channel, byte[] packet, IPasswordSource source, TimeSpan limit, ILogger log)
    {
        await Task.Yield();
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            if (await AnswerAsync(packet, source, log, deadline.Token) is { } answer)
                await channel.SendAsync(answer.Encode());
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // saslauthd has ended; so does this process.
        }
    }

    static async ValueTask<WorkerAnswer?> AnswerAsync(Memory<byte> packet, IPasswordSource source, ILogger log, CancellationToken stop)
    {
        try
        {
            if (WorkerQuery.Parse(packet) is not { } query)
                return null;
            var explanation = query.Explain ? new Explanation() : null;
            var (login, realm, service, remote) = (query.Request.Login, query.Request.Realm, query.Request.Service, query.Request.RemoteIp);
            var verdict = await VerifyAsync(source, new(login, realm, service, query.Request.Password, remote) { Explanation = explanation }, log, stop);
            return new(query.Id, (byte)verdict.Kind, verdict.Reason, explanation?.Steps ?? []);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(packet.Span);
        }
    }

    static async ValueTask<Verdict> VerifyAsync(IPasswordSource source, PasswordQuery query, ILogger log, CancellationToken stop)
    {
        try
        {
            return await source.VerifyAsync(query, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Verdict.TimedOut;
        }
        catch (Exception bug)
        {
            log.Bug(bug);
            return new(VerdictKind.Unavailable, "the mechanism failed");
        }
    }

    static int Receive(Socket channel, byte[] packet)
    {
        try
        {
            return channel.Receive(packet);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}

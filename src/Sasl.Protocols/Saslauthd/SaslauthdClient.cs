using System.Net.Sockets;
using System.Security.Cryptography;
using Sasl.Hosting.Unix;

namespace Sasl.Protocols.Saslauthd;

/// <summary>
/// Asks a saslauthd, ours or Cyrus', over its mux socket: one connection per question. A daemon that is down, deaf or slow is an answer
/// and never an exception; only the caller's own cancellation is thrown.
/// </summary>
/// <param name="path">The socket itself, "/mux" included.</param>
/// <param name="replyTimeout">How long the verification may take; connecting and writing get <see cref="SendTimeout"/>.</param>
public sealed class SaslauthdClient(string path, TimeSpan? replyTimeout = null)
{
    /// <summary>A listening daemon takes a request into its socket buffer at once; five seconds say that it hangs.</summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);

    readonly TimeSpan _replyTimeout = replyTimeout ?? TimeSpan.FromSeconds(30);

    public string Path => path;

    public async Task<SaslauthdAnswer> AskAsync(SaslauthdRequest request, CancellationToken stop)
    {
        if (RequestCodec.Encode(request) is not { } bytes)
            return new(SaslauthdStage.TooLarge, false, "saslauthd request too large");
        var stage = SaslauthdStage.Connect;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(SendTimeout);
        try
        {
            using var socket = await UnixSockets.ConnectAsync(path, deadline.Token);
            stage = SaslauthdStage.Write;
            for (var sent = 0; sent < bytes.Length;)
                sent += await socket.SendAsync(bytes.AsMemory(sent), deadline.Token);
            deadline.CancelAfter(_replyTimeout);
            stage = SaslauthdStage.SizeRead;
            var buffer = new byte[ReplyCodec.LongestText];
            if (!await FillAsync(socket, buffer.AsMemory(0, 2), deadline.Token))
                return new(stage, false, "connection closed without a reply");
            if (ReplyCodec.BodyLength(buffer) is not { } length)
                return new(SaslauthdStage.BadResponse, false, "bad response from saslauthd");
            stage = SaslauthdStage.Read;
            if (!await FillAsync(socket, buffer.AsMemory(0, length), deadline.Token))
                return new(stage, false, "connection closed within the reply");
            var (ok, text) = ReplyCodec.Parse(buffer.AsSpan(0, length));
            return new(SaslauthdStage.Replied, ok, text);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(stage, false, "timed out");
        }
        catch (SocketException failure)
        {
            return new(stage, false, SocketErrors.Describe(failure, path));
        }
        catch (ArgumentException)
        {
            return new(stage, false, "socket path too long");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    static async ValueTask<bool> FillAsync(Socket socket, Memory<byte> buffer, CancellationToken stop)
    {
        while (!buffer.IsEmpty)
        {
            var count = await socket.ReceiveAsync(buffer, SocketFlags.None, stop);
            if (count == 0)
                return false;
            buffer = buffer[count..];
        }
        return true;
    }
}

using System.Net.Sockets;
using System.Security.Cryptography;
using Sasl.Hosting.Unix;

namespace Sasl.Protocols.Saslauthd;

/// <summary>Asks DIR/control. A daemon that is not there, or does not like the asker, is a reply with a problem.</summary>
public static class ControlClient
{
    /// <summary>The name of the socket in the run directory.</summary>
    public const string SocketName = "control";

    /// <summary>An explanation asks every mechanism, one after the other.</summary>
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public static async Task<ControlReply> AskAsync(string path, ControlRequest request)
    {
        if (request.Encode() is not { } bytes)
            return ControlReply.Refuse("the name is too long");
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            using var socket = await UnixSockets.ConnectAsync(path, deadline.Token);
            for (var sent = 0; sent < bytes.Length;)
                sent += await socket.SendAsync(bytes.AsMemory(sent), deadline.Token);
            socket.Shutdown(SocketShutdown.Send);
            return ControlReply.Parse(await ReadAsync(socket, deadline.Token)) ?? ControlReply.Refuse("saslauthd does not answer (it serves root and its own user only)");
        }
        catch (OperationCanceledException)
        {
            return ControlReply.Refuse("timed out");
        }
        catch (SocketException failure)
        {
            return ControlReply.Refuse(SocketErrors.Describe(failure, path));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    static async Task<byte[]> ReadAsync(Socket socket, CancellationToken stop)
    {
        var (reply, buffer) = (new MemoryStream(), new byte[16 * 1024]);
        while (reply.Length < ControlReply.Longest && await socket.ReceiveAsync(buffer, stop) is var count and > 0)
            reply.Write(buffer, 0, count);
        return reply.ToArray();
    }
}

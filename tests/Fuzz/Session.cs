using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Unix;

namespace Fuzz;

/// <summary>Plays one input as all that a client ever says: sends it, says that nothing more comes, and reads until the server closes.</summary>
static class Session
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static string Play(Func<Socket, CancellationToken, Task> serve, ReadOnlySpan<byte> input)
    {
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        var bytes = input.ToArray();
        using (client)
        {
            var serving = Task.Run(() => serve(server, CancellationToken.None));
            var output = new MemoryStream();
            var reading = Task.Run(() => Read(client, output));
            Task.Run(() => Write(client, bytes)).WaitAsync(_patience).GetAwaiter().GetResult();
            serving.WaitAsync(_patience).GetAwaiter().GetResult();
            server.Dispose();
            reading.WaitAsync(_patience).GetAwaiter().GetResult();
            return Encoding.Latin1.GetString(output.ToArray());
        }
    }

    static void Write(Socket client, byte[] bytes)
    {
        try
        {
            for (var at = 0; at < bytes.Length;)
                at += client.Send(bytes, at, bytes.Length - at, SocketFlags.None);
            client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server closed first.
        }
    }

    static void Read(Socket client, MemoryStream output)
    {
        var block = new byte[16 * 1024];
        try
        {
            while (client.Receive(block) is > 0 and var count)
                output.Write(block, 0, count);
        }
        catch (SocketException)
        {
            // Closed with unread input: what came before counts.
        }
    }
}

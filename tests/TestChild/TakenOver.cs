using System.Net.Sockets;
using System.Text;
using Sasl.Protocols.Supervision;

/// <summary>A child whose program has been taken over: it says on its channel what no child of ours would.</summary>
static class TakenOver
{
    public static async Task<int> RunAsync(ChildArguments arguments)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(arguments.ChannelPath));
        var buffer = new byte[SupervisionChannel.LongestFrame];
        while (await socket.ReceiveAsync(buffer) is > 0 and var count && !buffer.AsSpan(0, count).SequenceEqual("START"u8))
        {
        }
        await socket.SendAsync("READY"u8.ToArray());
        switch (arguments.Role)
        {
            case "oversized":
                socket.SendBufferSize = 4 * SupervisionChannel.LongestFrame;
                await socket.SendAsync(new byte[SupervisionChannel.LongestFrame + 100]);
                break;
            case "forger":
                // References that somebody else's login might have, without a descriptor to hand over.
                for (var i = 1; i < 200; i++)
                    await socket.SendAsync(Encoding.UTF8.GetBytes($"HANDOFF\t{i}\tprotocol=imap\tauth-pid=1\trequest={i}\tcookie=alice\tleftover="));
                break;
            default:
                var random = new Random(7);
                for (var i = 0; i < 300; i++)
                {
                    var frame = new byte[random.Next(1, 200)];
                    random.NextBytes(frame);
                    await socket.SendAsync(i % 3 == 0 ? frame : Encoding.UTF8.GetBytes($"{(i % 2 == 0 ? "HANDOFF" : "ATTACH")}\t{i}\tprotocol=lmtp\tleftover=*\tauth-pid=x"));
                }
                break;
        }
        // Alive until the supervisor ends it; the one that talks nonsense does not even listen then, and has to be killed.
        while (await socket.ReceiveAsync(buffer) is > 0 and var received && (arguments.Role == "nonsense" || !buffer.AsSpan(0, received).SequenceEqual("DRAIN"u8)))
        {
        }
        return 0;
    }
}

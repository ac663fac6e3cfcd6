using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SideBySide;

/// <summary>Waiting for servers, always with an end.</summary>
static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static void Until(Func<bool> condition, string what, int pauseMilliseconds = 5)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Limit)
                throw new BenchException($"did not happen within {Limit.TotalSeconds:0} s: {what}");
            Thread.Sleep(pauseMilliseconds);
        }
    }

    /// <summary>Until a server on that port says its first line.</summary>
    public static void UntilGreeted(int port, string greeting, string who) => Until(() => Greets(port, greeting), $"{who} greets");

    public static bool Accepts(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    static bool Greets(int port, string greeting)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
            socket.Connect(IPAddress.Loopback, port);
            var buffer = new byte[512];
            return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer)).StartsWith(greeting, StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

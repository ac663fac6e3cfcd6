using System.Net.Sockets;
using System.Text;

namespace Sasl.Hosting.Unix;

/// <summary>The service manager's notification socket (sd_notify(3)). Silent when nobody set NOTIFY_SOCKET.</summary>
public static class Readiness
{
    public static void Ready() => Notify("READY=1");

    public static void Reloading() => Notify("RELOADING=1");

    public static void Stopping() => Notify("STOPPING=1");

    static void Notify(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } path)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (SocketException failure)
        {
            Console.Error.WriteLine($"warning: cannot notify the service manager: {failure.Message}");
        }
    }
}

using System.Globalization;
using System.Net.Sockets;

namespace Sasl.Hosting.Unix;

/// <summary>Sockets that the service manager has bound and hands over at the start (sd_listen_fds(3)).</summary>
public static class SocketActivation
{
    const int First = 3;

    /// <summary>Those that are for this process; none when it was started in another way. The environment that named them is gone then: no child takes them for its own.</summary>
    public static IReadOnlyList<Socket> Take()
    {
        var (process, count) = (Number("LISTEN_PID"), Number("LISTEN_FDS"));
        foreach (var name in (string[])["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"])
            Environment.SetEnvironmentVariable(name, null);
        return process == Environment.ProcessId ? [.. Enumerable.Range(First, count).Select(Inheritance.Take)] : [];
    }

    static int Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

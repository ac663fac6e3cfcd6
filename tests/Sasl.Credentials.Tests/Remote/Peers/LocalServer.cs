using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Testing;

namespace Sasl.Credentials.Tests.Remote.Peers;

/// <summary>A real server in the foreground with a directory of its own. Both go when the test's process ends, however that ends.</summary>
sealed class LocalServer
{
    // Its input is a pipe of ours, which the kernel closes.
    const string Script = """directory=$1; shift; "$@" >"$directory/out" 2>&1 </dev/null & pid=$!; read -r _; kill $pid; wait $pid; rm -rf "$directory" """;

    // The collector would close the pipes of those that nobody holds.
    static readonly ConcurrentBag<Process> _shells = [];

    /// <summary>Which other accounts may pass through.</summary>
    public static string MakeDirectory()
    {
        var directory = Directory.CreateTempSubdirectory("sasl-test-").FullName;
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        return directory;
    }

    public static async Task StartAsync(string directory, string[] command, params int[] ports)
    {
        _shells.Add(Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Script, "sh", directory, .. command]) { RedirectStandardInput = true })!);
        foreach (var port in ports)
            await Eventually.TrueAsync(() => Listens(port), $"somebody listens on port {port}", TimeSpan.FromSeconds(60), () => Log(directory));
    }

    public static string Log(string directory) => string.Concat(Directory.GetFiles(directory).Where(f => Path.GetFileName(f) is "out" or "log").Select(File.ReadAllText));

    static bool Listens(int port)
    {
        try
        {
            using var probe = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

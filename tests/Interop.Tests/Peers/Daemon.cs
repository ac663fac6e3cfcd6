using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Sasl.Hosting.Unix;
using Testing;

namespace Interop.Tests.Peers;

/// <summary>A server program in the foreground. It ends, and its directory goes, when the test's process ends, however that ends.</summary>
sealed class Daemon
{
    // Its input is a pipe of ours, which the kernel closes.
    const string Script = """directory=$1; shift; "$@" >"$directory/out" 2>&1 </dev/null & pid=$!; read -r _; kill $pid; wait $pid; rm -rf "$directory" """;

    // The collector would close the pipes of those that nobody holds.
    static readonly ConcurrentBag<Process> _shells = [];

    readonly string _directory;

    /// <param name="directory">Its own.</param>
    /// <param name="command">Program and arguments.</param>
    public Daemon(string directory, params IEnumerable<string> command)
    {
        _directory = directory;
        _shells.Add(Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Script, "sh", directory, .. command]) { RedirectStandardInput = true })!);
    }

    /// <summary>A directory for a daemon, which other accounts may pass through.</summary>
    public static string MakeDirectory()
    {
        if (!Identity.IsRoot)
            throw new InvalidOperationException("the peers' daemons start as root only");
        var directory = Directory.CreateTempSubdirectory("sasl-test-").FullName;
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        return directory;
    }

    public async Task ListensAsync(params int[] ports)
    {
        foreach (var port in ports)
            await Eventually.TrueAsync(() => Listens(port), $"somebody listens on port {port}", TimeSpan.FromSeconds(60), () => Log);
    }

    public string Log => string.Concat(Directory.GetFiles(_directory).Where(f => Path.GetFileName(f) is "out" or "log").Select(File.ReadAllText));

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

using System.Diagnostics;
using Sasl.Hosting.Unix;

namespace Saslauthd;

/// <summary>
/// Without -d or -f the command returns to the shell when the daemon listens. .NET cannot fork, so the program starts itself a second
/// time; that one leaves the session and says that it is ready. Its standard streams are pipes to the first one from the beginning:
/// the runtime keeps copies of them, which would hold open the terminal or pipe of whoever typed the command.
/// </summary>
static class StartUp
{
    const string Marker = "SASLAUTHD_DETACHED", Ready = "saslauthd: ready";

    /// <summary>Whether this process is the second one. The mark does not go further.</summary>
    public static bool IsDetached { get; } = TakeMarker();

    /// <summary>In the first process: starts the second and returns its fate as an exit code.</summary>
    public static async Task<int> DetachAsync(string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) 
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // Started as "dotnet saslauthd.dll" the host's first argument is the program.
        var first = Environment.GetCommandLineArgs()[0];
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" && first.EndsWith(".dll", StringComparison.Ordinal))
            start.ArgumentList.Add(Path.GetFullPath(first));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[Marker] = "1";
        using var daemon = Process.Start(start)!;
        while (await daemon.StandardError.ReadLineAsync() is { } line)
        {
            if (line == Ready)
                return 0;
            Console.Error.WriteLine(line);
        }
        await daemon.WaitForExitAsync();
        return daemon.ExitCode == 0 ? 1 : daemon.ExitCode;
    }

    /// <summary>In the second process: the socket listens, the shell may go on.</summary>
    public static void ReportReady()
    {
        try
        {
            Console.Error.WriteLine(Ready);
        }
        catch (IOException)
        {
            // The first process was killed meanwhile; the daemon is up all the same.
        }
        // No file system is kept busy by where the command was typed.
        Directory.SetCurrentDirectory("/");
        Sessions.ReleaseStandardStreams();
    }

    static bool TakeMarker()
    {
        var marked = Environment.GetEnvironmentVariable(Marker) == "1";
        Environment.SetEnvironmentVariable(Marker, null);
        return marked;
    }
}

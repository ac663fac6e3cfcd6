using System.Diagnostics;

namespace SideBySide.Processes;

/// <summary>A server that was started here and ends here, with its output in a file.</summary>
sealed class Background : IDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    readonly Process _process;

    Background(Process process) => _process = process;

    public int Pid => _process.Id;

    public bool HasEnded => _process.HasExited;

    public static Background Start(string log, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >>\"$BENCH_LOG\" 2>&1 </dev/null", program, .. arguments]);
        start.Environment["BENCH_LOG"] = log;
        start.Environment.Remove("NOTIFY_SOCKET");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Runs a program to its end and returns what it said. Throws when its status is not 0.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new BenchException($"{program} {string.Join(' ', arguments)}: status {process.ExitCode}: {error.Result}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Signal("TERM", _process.Id.ToString());
            if (!_process.WaitForExit(_patience))
                _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    /// <summary>A pid, or a process group with a minus in front.</summary>
    public static void Signal(string name, string target)
    {
        using var kill = Process.Start("/bin/kill", ["-" + name, "--", target]);
        kill.WaitForExit();
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>Our saslauthd, as built, in the foreground on a directory of the test's own.</summary>
sealed class RunningDaemon : IAsyncDisposable
{
    readonly Process _process;
    readonly List<string> _lines = [];

    RunningDaemon(Process process, string directory)
    {
        (_process, SocketPath) = (process, Path.Combine(directory, "mux"));
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_lines)
                _lines.Add(line.Data ?? "");
        };
        process.BeginErrorReadLine();
    }

    public string SocketPath { get; }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote to standard error.</summary>
    public string[] Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public static Task<RunningDaemon> StartAsync(string directory, params string[] arguments) => StartAsync(":", Command.Ours("saslauthd"), directory, arguments);

    /// <summary>With settings of its own; they are beside the directory.</summary>
    public static async Task<RunningDaemon> StartWithAsync(string settings, string directory, params string[] arguments)
    {
        await File.WriteAllTextAsync($"{directory}.conf", settings);
        return await StartAsync(":", Command.Ours("saslauthd"), directory, arguments, $"{directory}.conf");
    }

    /// <summary>As above, with a krb5.conf of its own for the Kerberos library.</summary>
    public static async Task<RunningDaemon> StartWithKerberosAsync(string settings, string configuration, string directory, params string[] arguments)
    {
        await File.WriteAllTextAsync($"{directory}.conf", settings);
        return await StartAsync($"export KRB5_CONFIG={configuration}", Command.Ours("saslauthd"), directory, arguments, $"{directory}.conf");
    }

    /// <summary>Its worker processes.</summary>
    public int[] Workers => [.. Directory.EnumerateDirectories($"/proc/{Pid}/task").SelectMany(Children).Distinct().Select(int.Parse)];

    /// <param name="environment">Beside the test's own.</param>
    public static Task<RunningDaemon> StartAsync(IEnumerable<KeyValuePair<string, string>> environment, string directory, params string[] arguments) =>
        StartAsync(string.Join("; ", environment.Select(e => $"export {e.Key}='{e.Value}'")), Command.Ours("saslauthd"), directory, arguments);

    /// <summary>
    /// The published program with few descriptors. The test's own build would need more than these for itself, to load its parts when they
    /// are first used.
    /// </summary>
    public static Task<RunningDaemon> StartPublishedAsync(int descriptors, string directory, params string[] arguments) =>
        StartAsync($"ulimit -n {descriptors}", Binaries.Path("saslauthd"), directory, arguments);

    /// <param name="first">What the shell is told before it becomes the daemon.</param>
    static async Task<RunningDaemon> StartAsync(string first, string program, string directory, string[] arguments, string? configuration = null)
    {
        string[] before = configuration is null ? [] : ["--config", configuration];
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{first}; exec \"$0\" \"$@\"", program, .. before, "-d", "-m", directory, .. arguments])
        {
            RedirectStandardError = true, UseShellExecute = false,
        };
        var daemon = new RunningDaemon(Process.Start(start)!, directory);
        await Eventually.TrueAsync(() => daemon._process.HasExited || daemon.Lines.Any(l => l.Contains("listening on socket")), "saslauthd listens");
        return daemon;
    }

    /// <summary>Waits for a line: what it wrote before a reply may be read after it.</summary>
    public Task SaysAsync(Func<string, bool> line, string what) =>
        Eventually.TrueAsync(() => Lines.Any(line), $"saslauthd says: {what}", log: () => string.Join('\n', Lines));

    /// <summary>The reply's text, or null.</summary>
    public async Task<string?> AskAsync(string login, string password, string realm = "", string? remote = null, string service = "smtp")
    {
        var answer = await new SaslauthdClient(SocketPath).AskAsync(
            new(login, System.Text.Encoding.UTF8.GetBytes(password), service, realm, remote), CancellationToken.None);
        return answer.Stage != SaslauthdStage.Replied ? null : $"{(answer.IsOk ? "OK" : "NO")} {answer.Text}".TrimEnd();
    }

    public async Task<Socket> ConnectAsync() => await UnixSockets.ConnectAsync(SocketPath, CancellationToken.None);

    public async Task SignalAsync(string signal) => await Command.RunAsync("/bin/kill", [$"-{signal}", $"{Pid}"]);

    static string[] Children(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            // The thread has ended meanwhile.
            return [];
        }
    }

    /// <summary>Ends it as an administrator does; the exit code.</summary>
    public async Task<int> StopAsync(string signal = "TERM")
    {
        await SignalAsync(signal);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await StopAsync();
        _process.Dispose();
    }
}

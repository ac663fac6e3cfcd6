using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Unix;

namespace MailControl.Metrics;

/// <summary>
/// mailctl metrics [-c DIR] [-m RUNDIR]: asks every process of the house, and saslauthd, for its metrics and prints them as one text with the
/// label "process". Status 1 when one of them did not answer; the others are printed all the same.
/// </summary>
static class MetricsCommand
{
    /// <summary>As saslauthd's -m.</summary>
    const string DefaultRunDirectory = "/run/saslauthd";

    const int LongestText = 256 * 1024;

    static readonly TimeSpan _deadline = TimeSpan.FromSeconds(5);

    public static Command Command { get; } = new("metrics", "[-c DIR] [-m RUNDIR]: the metrics of every process, as Prometheus reads them", [], RunAsync);

    static async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var (directory, run) = (CommandContext.DefaultDirectory, DefaultRunDirectory);
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "-c" when i + 1 < arguments.Count:
                    directory = arguments[++i];
                    break;
                case "-m" when i + 1 < arguments.Count:
                    run = arguments[++i];
                    break;
                default:
                    return context.Fail("usage: mailctl metrics [-c DIR] [-m RUNDIR]", ExitCode.Usage);
            }
        }
        var merged = new MetricsText();
        var status = ExitCode.Ok;
        foreach (var (process, path) in Sockets(directory, run, context))
        {
            var (text, problem) = await AskAsync(path);
            merged.Add(process, text);
            if (problem is null)
                continue;
            context.Warn($"{process}: {problem}");
            status = 1;
        }
        if (merged.IsEmpty)
            return context.Fail("no process tells its metrics here: is the house running, and are you its user?", ExitCode.Unavailable);
        await context.Output.WriteAsync(merged.ToString());
        return status;
    }

    static IEnumerable<(string Process, string Path)> Sockets(string directory, string run, CommandContext context)
    {
        var (configuration, _) = MailConfiguration.Load(directory, context.System());
        var house = Path.Combine(configuration.Dovecot.Settings.Text(DovecotConf.BaseDir), "metrics");
        if (Directory.Exists(house))
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(house).Where(p => Files.Status(p) is { IsSocket: true }).Order(StringComparer.Ordinal))
                yield return (Path.GetFileName(path), path);
        }
        if (Path.Combine(run, "metrics") is var saslauthd && Files.Status(saslauthd) is { IsSocket: true })
            yield return ("saslauthd", saslauthd);
    }

    static async Task<(string? Text, string? Problem)> AskAsync(string path)
    {
        using var late = new CancellationTokenSource(_deadline);
        try
        {
            using var socket = await UnixSockets.ConnectAsync(path, late.Token);
            var buffer = new byte[LongestText];
            for (var count = 0; count < buffer.Length;)
            {
                var more = await socket.ReceiveAsync(buffer.AsMemory(count), late.Token);
                if (more == 0)
                    return (Encoding.UTF8.GetString(buffer, 0, count), null);
                count += more;
            }
            return (null, $"more than {LongestText} bytes");
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return (null, failure is SocketException ? failure.Message : $"no answer in {_deadline.TotalSeconds} s");
        }
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Metrics;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Saslauthd.Control;
using Saslauthd.Requests;

namespace Saslauthd;

/// <summary>The composition: everything that a running saslauthd is made of, in the order in which it comes and goes.</summary>
static class Daemon
{
    /// <summary>Connections that may say nothing at once. Each costs a descriptor and two kilobytes.</summary>
    const int SilentLimit = 512;

    /// <summary>Descriptors that the daemon itself opens besides those that it has at the start.</summary>
    const int OwnDescriptors = 32;

    /// <summary>What is under way when the daemon ends may finish; longer than this nobody waits.</summary>
    static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(DaemonPlan plan, long descriptors, ILogger log)
    {
        using var lifetime = new Lifetime();
        var (directory, refusal) = RunDirectory.Take(plan.Options.Directory);
        if (directory is null)
            return Refuse(refusal!, log);
        using (directory)
        {
            using var loop = EventLoop.Start("mux", log.Bug);
            using var service = new Service(plan, loop, log);
            if (await service.StartAsync() is { } problem)
                return Refuse(new(problem, 1), log);
            (var listener, refusal) = directory.Listen(SocketActivation.Take());
            if (listener is null)
                return Refuse(refusal!, log);
            (var metrics, refusal) = directory.ListenForMetrics();
            if (metrics is null)
                return Refuse(refusal!, log);
            (var control, refusal) = directory.ListenForControl();
            if (control is null)
                return Refuse(refusal!, log);
            using (listener)
            using (metrics)
            using (control)
            using (var sums = MetricsServer.Start(metrics, lifetime.Stopping))
            {
                _ = ControlServer.RunAsync(control, new(() => service.Current, sums), log, lifetime.Stopping);
                await ServeAsync(service, directory.SocketPath, listener, SilentAllowed(descriptors), loop, lifetime, log);
            }
        }
        log.MasterExited(Environment.ProcessId);
        return 0;
    }

    public static int Refuse(StartRefusal refusal, ILogger log)
    {
        if (refusal is { Text: { } text, Log: true })
            log.Refused(text);
        else if (refusal.Text is not null)
            Console.Error.WriteLine(refusal.Text);
        if (refusal.Usage)
            Console.Error.Write(Texts.Usage);
        return refusal.ExitCode;
    }

    /// <summary>Every problem of the configuration; true when one of them forbids the start.</summary>
    public static bool Report(IReadOnlyList<Problem> problems, ILogger log)
    {
        foreach (var problem in problems)
        {
            if (problem.IsWarning)
                log.Warned(problem.ToString());
            else
                log.Misconfigured(problem.ToString());
        }
        return problems.Any(p => !p.IsWarning);
    }

    /// <summary>Half of the descriptors at most: the silent ones must never take the place of those who have something to say.</summary>
    static int SilentAllowed(long descriptors)
    {
        var used = Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
        return (int)Math.Clamp((descriptors - used - OwnDescriptors) / 2, 1, SilentLimit);
    }

    static async Task ServeAsync(Service service, string path, Socket listener, int silentAllowed, EventLoop loop, Lifetime lifetime, ILogger log)
    {
        var server = new MuxServer(loop, () => service.Current.Reception, new(silentAllowed, MuxDeadlines.Default, log, TimeProvider.System), log, TimeProvider.System);
        loop.NeedsTicks = () => server.NeedsTicks;
        server.Listen(listener);
        lifetime.Reload += service.Reload;
        log.MasterPid(Environment.ProcessId);
        log.Listening(path);
        Readiness.Ready();
        if (StartUp.IsDetached)
            StartUp.ReportReady();
        await lifetime.WaitAsync();
        Readiness.Stopping();
        loop.Post(server.Finish);
        var drained = Stopwatch.StartNew();
        while (server.Count > 0 && drained.Elapsed < DrainTime)
            await Task.Delay(10);
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using MailSupervisor.House;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Supervision;

namespace MailSupervisor.Children;

/// <summary>
/// One started child: its process and its channel. It is served only after SO_PEERCRED has shown the pid that was started and the uid
/// that was wanted; until then nothing is read from it and no descriptor goes to it.
/// </summary>
sealed class Child : IDisposable
{
    static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(20);

    const int MostRequests = 1024;

    readonly Process _process;
    readonly SupervisionChannel _channel;
    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _leaving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _underWay;

    Child(ChildPlan plan, Process process, SupervisionChannel channel) => (Plan, _process, _channel, Pid) = (plan, process, channel, process.Id);

    public ChildPlan Plan { get; }

    /// <summary>Also known after its end, for the log.</summary>
    public int Pid { get; }

    /// <summary>Completes when the child says READY; fails when it ends before.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the supervisor tells it to finish, at once or by and by; its end is no failure then.</summary>
    public Task Leaving => _leaving.Task;

    public bool IsLeaving => _leaving.Task.IsCompleted;

    /// <summary>Starts the program, waits for it to connect back as the right identity, and sends configuration and listeners.</summary>
    public static async Task<Child> StartAsync(ChildPlan plan, string binaries, string runtime, LogTarget log, Func<ListenerPlan, Socket> bind, CancellationToken stop)
    {
        var path = Path.Combine(runtime, $"{plan.Name.Replace('/', '_')}.{Guid.NewGuid():N}"[..Math.Min(60, plan.Name.Length + 12)]);
        using var listener = UnixSockets.Listen(path, 0x180, plan.Identity.Uid, plan.Identity.Gid, backlog: 1, SocketType.Seqpacket);
        Process? process = null;
        try
        {
            process = Launch(plan, binaries, new ChildArguments(plan.Role, path, log, plan.Identity.Uid, plan.Identity.Gid, plan.Identity.Groups));
            var socket = await AcceptAsync(listener, process, plan, stop);
            var channel = new SupervisionChannel(socket);
            foreach (var (name, text) in plan.Configuration)
                await channel.SendConfigAsync(name, text, stop);
            foreach (var one in plan.Listeners)
                await channel.SendAsync([Verb.Listener, one.Name, .. one.Options.Select(o => $"{o.Key}={o.Value}")], bind(one).SafeHandle, stop);
            await channel.SendAsync([Verb.Start], null, stop);
            return new Child(plan, process, channel);
        }
        catch
        {
            End(process);
            throw;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Counts a request of this child. False when it has too many unanswered ones: a taken-over child cannot fill our memory.</summary>
    public bool BeginRequest()
    {
        if (Interlocked.Increment(ref _underWay) <= MostRequests)
            return true;
        Interlocked.Decrement(ref _underWay);
        return false;
    }

    public void EndRequest() => Interlocked.Decrement(ref _underWay);

    public void SetReady() => _ready.TrySetResult();

    public ValueTask SendAsync(string[] fields, System.Runtime.InteropServices.SafeHandle? descriptor = null) => _channel.SendAsync(fields, descriptor);

    public ValueTask<(string[] Fields, SafeFileHandle? Descriptor)?> ReceiveAsync() => _channel.ReceiveAsync();

    /// <summary>Those that it serves are told and it ends.</summary>
    public Task DrainAsync() => LeaveAsync(Verb.Drain);

    /// <summary>A successor takes its place: it accepts no more and ends when those that it serves have gone.</summary>
    public Task RetireAsync() => LeaveAsync(Verb.Retire);

    async Task LeaveAsync(string verb)
    {
        _leaving.TrySetResult();
        try
        {
            await _channel.SendAsync([verb]);
        }
        catch (Exception gone) when (gone is UnixException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <summary>Waits for the process to end and returns its exit status.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        _ready.TrySetException(new IOException($"{Plan.Name} ended with status {_process.ExitCode} before it was ready"));
        _ = _ready.Task.Exception;
        return _process.ExitCode;
    }

    public void Kill() => End(_process);

    public void Dispose()
    {
        _channel.Dispose();
        _process.Dispose();
    }

    static async Task<Socket> AcceptAsync(Socket listener, Process process, ChildPlan plan, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(ConnectDeadline);
        var exited = process.WaitForExitAsync(deadline.Token);
        while (true)
        {
            var accept = listener.AcceptAsync(deadline.Token).AsTask();
            if (await Task.WhenAny(accept, exited) == exited)
            {
                await deadline.CancelAsync();
                throw new IOException(process.HasExited ? $"{plan.Name} ended with status {process.ExitCode} at its start" : $"{plan.Name} did not connect back in time");
            }
            var socket = await accept;
            var peer = Descriptors.PeerOf(socket);
            if (peer.Pid == process.Id && peer.Uid == plan.Identity.ExpectedUid)
                return socket;
            socket.Dispose();
        }
    }

    static Process Launch(ChildPlan plan, string binaries, ChildArguments arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(binaries, plan.Program)) { WorkingDirectory = "/", RedirectStandardInput = true };
        foreach (var argument in arguments.ToArguments())
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(k => !(k is "PATH" or "LANG" or "TZ" || k.StartsWith("DOTNET_", StringComparison.Ordinal))).ToArray())
            start.Environment.Remove(name);
        // The platform's certificate code looks for a home directory, and gives up when a uid has none.
        start.Environment["HOME"] = "/nonexistent";
        var process = Process.Start(start) ?? throw new IOException($"cannot start {plan.Program}");
        process.StandardInput.Close();
        return process;
    }

    static void End(Process? process)
    {
        try
        {
            process?.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }
}

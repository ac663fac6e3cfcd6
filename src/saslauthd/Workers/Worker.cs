using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Sasl.Credentials;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd.Workers;

/// <summary>One saslworker process and the socket to it.</summary>
sealed class Worker : IDisposable
{
    /// <summary>Starting a program takes some hundredths of a second; this long it does not take on any machine that works.</summary>
    static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    /// <summary>A worker answers by itself when its time is over. This much later it hangs.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    readonly Process _process;
    readonly Socket _channel;
    readonly TimeSpan _limit;
    readonly Dictionary<uint, TaskCompletionSource<WorkerAnswer?>> _pending = [];
    readonly Lock _gate = new();
    string? _ended;
    uint _lastId;

    Worker(WorkerPlan plan, Process process, Socket channel) => (_limit, _process, _channel) = (plan.Limit, process, channel);

    public int Pid => _process.Id;

    /// <summary>Queries given to it so far.</summary>
    public int Served { get; private set; }

    /// <summary>Places that the pool has given away and not got back. The pool's own, under its lock.</summary>
    public int Taken { get; set; }

    /// <summary>The pool gives it queries.</summary>
    public bool IsAdmitted { get; set; }

    public bool HasEnded => _ended is not null;

    /// <summary>Why it ended.</summary>
    public string Reason => _ended ?? "";

    /// <summary>When its last query was answered.</summary>
    public long IdleSince { get; private set; } = Stopwatch.GetTimestamp();

    /// <summary>The process has ended or was killed. Raised once.</summary>
    public event Action<Worker>? Ended;

    /// <summary>Starts the program and waits until its mechanism is ready. IOException with the reason when it does not become so.</summary>
    public static async Task<Worker> StartAsync(WorkerPlan plan, CancellationToken stop)
    {
        var (ours, theirs) = Descriptors.Pair(SocketType.Seqpacket);
        Process? process = null;
        try
        {
            using (theirs)
                process = Launch(plan, theirs);
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
            deadline.CancelAfter(StartDeadline);
            await WorkerChannel.SendBeginningAsync(ours, plan.Option, plan.Settings, plan.Files, deadline.Token);
            await ExpectReadyAsync(ours, plan, deadline.Token);
            var worker = new Worker(plan, process, ours);
            _ = worker.ReceiveAsync();
            return worker;
        }
        catch (Exception failure) when (failure is SocketException or System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            Abandon(process, ours);
            throw new IOException($"worker {plan.Mechanism.Name}: {(failure is OperationCanceledException ? "not ready in time" : failure.Message)}", failure);
        }
        catch
        {
            Abandon(process, ours);
            throw;
        }
    }

    /// <summary>Asks. A worker that ends or hangs meanwhile is an answer too.</summary>
    public async ValueTask<Verdict> AskAsync(PasswordQuery query)
    {
        var answer = new TaskCompletionSource<WorkerAnswer?>();
        uint id;
        lock (_gate)
        {
            id = ++_lastId;
            Served++;
            _pending[id] = answer;
        }
        var packet = new WorkerQuery(id, query.Explanation is not null, new(query.User, query.Password, query.Service, query.Realm, query.RemoteAddress)).Encode()!;
        try
        {
            if (!HasEnded)
                await _channel.SendAsync(packet);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            End("worker ended");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(packet);
        }
        if (HasEnded)
            answer.TrySetResult(null);
        return Result(await AwaitAsync(id, answer.Task), query.Explanation);
    }

    /// <summary>Nobody needs it any more: it ends by itself.</summary>
    public void Retire() => End("worker retired", kill: false);

    public void Dispose() => _process.Dispose();

    async Task<WorkerAnswer?> AwaitAsync(uint id, Task<WorkerAnswer?> answer)
    {
        try
        {
            return await answer.WaitAsync(_limit + Grace);
        }
        catch (TimeoutException)
        {
            End($"worker killed: no answer within {_limit.TotalSeconds:0} seconds");
            return null;
        }
        finally
        {
            IdleSince = Stopwatch.GetTimestamp();
            lock (_gate)
                _pending.Remove(id);
        }
    }

    Verdict Result(WorkerAnswer? answer, Explanation? explanation)
    {
        if (answer is null)
            return new(VerdictKind.Unavailable, _ended ?? "worker ended");
        foreach (var step in answer.Steps)
            explanation?.Add(step);
        return answer.Kind <= (byte)VerdictKind.Unavailable ? new((VerdictKind)answer.Kind, answer.Reason) : new(VerdictKind.Unavailable, "worker's answer makes no sense");
    }

    async Task ReceiveAsync()
    {
        var packet = new byte[WorkerChannel.LongestPacket];
        try
        {
            while (await _channel.ReceiveAsync(packet) is var count and > 0)
            {
                if (WorkerAnswer.Parse(packet.AsSpan(0, count)) is not { } answer || Take(answer.Id) is not { } waiting)
                {
                    End("worker killed: its answer makes no sense");
                    return;
                }
                waiting.TrySetResult(answer);
            }
            End("worker ended");
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            End("worker ended");
        }
    }

    TaskCompletionSource<WorkerAnswer?>? Take(uint id)
    {
        lock (_gate)
            return _pending.Remove(id, out var waiting) ? waiting : null;
    }

    /// <summary>Once: closes the channel, which ends a process that is well, kills one that is not, and answers those who wait.</summary>
    void End(string why, bool kill = true)
    {
        TaskCompletionSource<WorkerAnswer?>[] waiting;
        lock (_gate)
        {
            if (_ended is not null)
                return;
            _ended = why;
            waiting = [.. _pending.Values];
            _pending.Clear();
        }
        _channel.Dispose();
        if (kill)
            Kill(_process);
        foreach (var one in waiting)
            one.TrySetResult(null);
        Ended?.Invoke(this);
    }

    static async Task ExpectReadyAsync(Socket channel, WorkerPlan plan, CancellationToken stop)
    {
        var packet = new byte[WorkerChannel.LongestPacket];
        var count = await channel.ReceiveAsync(packet, stop);
        if (count == 0)
            throw new IOException($"worker {plan.Mechanism.Name} ended at its start");
        if (packet[0] != WorkerVerb.Ready)
            throw new IOException($"{plan.Mechanism.Name}: {Encoding.UTF8.GetString(packet.AsSpan(1, count - 1))}");
    }

    static Process Launch(WorkerPlan plan, Socket channel)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "saslworker")) { WorkingDirectory = "/", UseShellExecute = false };
        foreach (var argument in plan.Arguments(Inheritance.NumberOf(channel)).ToArguments())
            start.ArgumentList.Add(argument);
        // What an administrator sets for MIT Kerberos or libldap counts for the worker too; nothing else of ours does.
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToArray())
            start.Environment.Remove(name);
        return Inheritance.Start(start, channel);
    }

    static bool IsOurs(string name) => !(name is "PATH" or "LANG" or "TZ" or "NOTIFY_SOCKET" || name.StartsWith("KRB5", StringComparison.Ordinal)
        || name.StartsWith("DOTNET_", StringComparison.Ordinal));

    static void Abandon(Process? process, Socket channel)
    {
        channel.Dispose();
        Kill(process);
        process?.Dispose();
    }

    static void Kill(Process? process)
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

using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Sasl.Credentials;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd.Workers;

/// <summary>One saslworker process and the socket to it.</summary>
sealed class Worker : IWatched, IDisposable
{
    /// <summary>Starting a program takes some hundredths of a second; this long it does not take on any machine that works.</summary>
    static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    /// <summary>A worker answers by itself when its time is over. This much later it hangs.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    readonly Process _process;
    readonly Socket _channel;
    readonly EventLoop _loop;
    readonly TimeSpan _limit;
    readonly byte[] _packet = new byte[WorkerChannel.LongestPacket];
    /// <summary>In the order in which they were asked.</summary>
    readonly Dictionary<uint, Question> _pending = [];
    readonly Lock _gate = new();
    string? _ended;
    uint _lastId;
    ulong _key;

    Worker(WorkerPlan plan, Process process, Socket channel, EventLoop loop) => (_limit, _process, _channel, _loop) = (plan.Limit + Grace, process, channel, loop);

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
    public static Task<Worker> StartAsync(WorkerPlan plan, EventLoop loop) => Task.Run(() => Start(plan, loop));

    static Worker Start(WorkerPlan plan, EventLoop loop)
    {
        var (ours, theirs) = Descriptors.Pair(SocketType.Seqpacket);
        Process? process = null;
        try
        {
            using (theirs)
                process = Launch(plan, theirs);
            ours.SendTimeout = ours.ReceiveTimeout = (int)StartDeadline.TotalMilliseconds;
            WorkerChannel.SendBeginning(ours, plan.Option, plan.Settings, plan.Files);
            ExpectReady(ours, plan);
            var worker = new Worker(plan, process, ours, loop);
            loop.Tick += worker.CheckDeadlines;
            worker._key = loop.Watch(ours.SafeHandle, worker, everyTime: true);
            return worker;
        }
        catch (Exception failure) when (failure is SocketException or System.ComponentModel.Win32Exception)
        {
            Abandon(process, ours);
            throw new IOException($"worker {plan.Mechanism.Name}: {failure.Message}", failure);
        }
        catch
        {
            Abandon(process, ours);
            throw;
        }
    }

    /// <summary>Asks. A worker that ends or hangs meanwhile is an answer too; null when it was dead before it got the query: another one may be asked.</summary>
    public async ValueTask<Verdict?> AskAsync(PasswordQuery query)
    {
        // Continued where the answer is heard: on the loop's thread.
        var question = new Question(new(), Stopwatch.GetTimestamp());
        uint id;
        lock (_gate)
        {
            id = ++_lastId;
            Served++;
            _pending[id] = question;
        }
        var packet = new WorkerQuery(id, query.Explanation is not null, new(query.User, query.Password, query.Service, query.Realm, query.RemoteAddress)).Encode()!;
        var sent = HasEnded ? 0 : OnChannel(channel => RawSockets.Send(channel, packet));
        CryptographicOperations.ZeroMemory(packet);
        if (sent == -UnixException.EAGAIN)
        {
            // The socket is full of queries that it has not taken yet.
            Take(id);
            return Verdict.Overloaded;
        }
        if (sent <= 0)
        {
            Take(id);
            End("worker ended");
            return null;
        }
        if (HasEnded)
            question.Answer.TrySetResult(null);
        var answer = await question.Answer.Task;
        IdleSince = Stopwatch.GetTimestamp();
        return Result(answer, query.Explanation);
    }

    public void OnEvents(DescriptorEvents events)
    {
        var count = OnChannel(channel => RawSockets.Receive(channel, _packet));
        if (count == -UnixException.EAGAIN)
            return;
        if (count <= 0)
            End("worker ended");
        else if (WorkerAnswer.Parse(_packet.AsSpan(0, count)) is { } answer && Take(answer.Id) is { } waiting)
            waiting.TrySetResult(answer);
        else
            End("worker killed: its answer makes no sense");
    }

    /// <summary>Nobody needs it any more: it ends by itself.</summary>
    public void Retire() => End("worker retired", kill: false);

    public void Dispose() => _process.Dispose();

    void CheckDeadlines()
    {
        lock (_gate)
        {
            if (_pending.Count == 0 || !_pending.Values.Any(q => Stopwatch.GetElapsedTime(q.Since) > _limit))
                return;
        }
        End($"worker killed: no answer within {_limit.TotalSeconds:0} seconds");
    }

    Verdict Result(WorkerAnswer? answer, Explanation? explanation)
    {
        if (answer is null)
            return new(VerdictKind.Unavailable, _ended ?? "worker ended");
        foreach (var step in answer.Steps)
            explanation?.Add(step);
        return answer.Kind <= (byte)VerdictKind.Unavailable ? new((VerdictKind)answer.Kind, answer.Reason) : new(VerdictKind.Unavailable, "worker's answer makes no sense");
    }

    /// <summary>Another thread may end the worker in this very moment: then the channel is at its end too.</summary>
    int OnChannel(Func<SafeSocketHandle, int> call)
    {
        try
        {
            return call(_channel.SafeHandle);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    TaskCompletionSource<WorkerAnswer?>? Take(uint id)
    {
        lock (_gate)
            return _pending.Remove(id, out var question) ? question.Answer : null;
    }

    /// <summary>Once: closes the channel, which ends a process that is well, kills one that is not, and answers those who wait.</summary>
    void End(string why, bool kill = true)
    {
        Question[] waiting;
        lock (_gate)
        {
            if (_ended is not null)
                return;
            _ended = why;
            waiting = [.. _pending.Values];
            _pending.Clear();
        }
        _loop.Tick -= CheckDeadlines;
        _loop.Forget(_key);
        _channel.Dispose();
        if (kill)
            Kill(_process);
        foreach (var one in waiting)
            one.Answer.TrySetResult(null);
        Ended?.Invoke(this);
    }

    static void ExpectReady(Socket channel, WorkerPlan plan)
    {
        var packet = new byte[WorkerChannel.LongestPacket];
        var count = channel.Receive(packet);
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

    readonly record struct Question(TaskCompletionSource<WorkerAnswer?> Answer, long Since);
}

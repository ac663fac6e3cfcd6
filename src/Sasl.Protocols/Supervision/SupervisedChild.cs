using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Metrics;

namespace Sasl.Protocols.Supervision;

/// <summary>A listening socket that the supervisor bound for this child.</summary>
public sealed record BoundListener(string Name, IReadOnlyDictionary<string, string> Options, Socket Socket);

/// <summary>What the supervisor answered to a hand-off or a delivery.</summary>
/// <param name="Code">null when it was done; else nouser, denied or temp.</param>
public sealed record SupervisorAnswer(string? Code, string Reason, Socket? Stream)
{
    public bool IsOk => Code is null;

    /// <summary>The worker's pid when the supervisor told it; for the log.</summary>
    public int? WorkerPid { get; init; }
}

/// <summary>
/// The child's side of supervision: connects back after the rights are dropped, takes configuration and listeners, and asks for
/// hand-offs and deliveries.
/// </summary>
public sealed class SupervisedChild : IDisposable
{
    readonly SupervisionChannel _channel;
    readonly Dictionary<string, string> _configuration = new(StringComparer.Ordinal);
    readonly List<BoundListener> _listeners = [];
    readonly ConcurrentDictionary<string, TaskCompletionSource<SupervisorAnswer>> _pending = new();
    readonly CancellationTokenSource _retiring = new(), _draining = new();
    long _nextId;

    SupervisedChild(SupervisionChannel channel) => _channel = channel;

    /// <summary>Configuration texts by name ("main.cf", "dovecot.conf", "tls.pem", …). Hold no reference to a secret longer than needed.</summary>
    public IReadOnlyDictionary<string, string> Configuration => _configuration;

    public IReadOnlyList<BoundListener> Listeners => _listeners;

    /// <summary>Cancelled when a successor accepts on the same sockets; those being served stay. A drain cancels it too.</summary>
    public CancellationToken Retiring => _retiring.Token;

    /// <summary>Where this process tells its metrics; null when it is not to tell any.</summary>
    public Socket? MetricsListener { get; private set; }

    /// <summary>Cancelled when the supervisor says drain, or is gone.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>Serves a stream that the supervisor attached (workers only). Set it before <see cref="RunAsync"/>.</summary>
    public Func<Attachment, Socket, Task>? Attached { get; set; }

    /// <summary>A setting that must be there.</summary>
    public string Require(string name) => _configuration.GetValueOrDefault(name) ?? throw new InvalidDataException($"the supervisor sent no {name}");

    /// <summary>Connects and reads until START. Throws when the supervisor refuses or is gone.</summary>
    public static async Task<SupervisedChild> ConnectAsync(ChildArguments arguments, CancellationToken stop = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(arguments.ChannelPath), stop);
        var child = new SupervisedChild(new SupervisionChannel(socket));
        while (true)
        {
            var frame = await child._channel.ReceiveAsync(stop) ?? throw new IOException("the supervisor closed the channel before START");
            switch (frame.Fields)
            {
                case [Verb.Config, var name, var text]:
                    child._configuration[name] = child._configuration.GetValueOrDefault(name) + text;
                    break;
                case [Verb.Listener, MetricsServer.ListenerName, ..] when frame.Descriptor is { } descriptor:
                    child.MetricsListener = ToSocket(descriptor);
                    break;
                case [Verb.Listener, var name, .. var options] when frame.Descriptor is { } descriptor:
                    child._listeners.Add(new(name, Options(options), ToSocket(descriptor)));
                    break;
                case [Verb.Start]:
                    return child;
                default:
                    frame.Descriptor?.Dispose();
                    throw new InvalidDataException($"unexpected frame {frame.Fields[0]} before START");
            }
        }
    }

    public ValueTask ReadyAsync() => _channel.SendAsync([Verb.Ready]);

    /// <summary>Takes frames until the supervisor drains this child or goes. Run it beside the servers.</summary>
    public async Task RunAsync()
    {
        while (await _channel.ReceiveAsync() is var (fields, descriptor))
        {
            switch (fields)
            {
                case [Verb.Ok, var id, .. var details]:
                    Complete(id, new(null, "", descriptor is null ? null : ToSocket(descriptor))
                    {
                        WorkerPid = int.TryParse(TabLine.Value(details, "pid"), out var pid) ? pid : null,
                    });
                    break;
                case [Verb.No, var id, var code, var reason]:
                    descriptor?.Dispose();
                    Complete(id, new(code, reason, null));
                    break;
                case [Verb.Attach, ..] when descriptor is not null && Attached is { } serve:
                    _ = serve(Attachment.Parse(fields), ToSocket(descriptor));
                    break;
                case [Verb.Retire]:
                    descriptor?.Dispose();
                    await _retiring.CancelAsync();
                    break;
                case [Verb.Drain]:
                    descriptor?.Dispose();
                    await DrainAsync();
                    break;
                default:
                    descriptor?.Dispose();
                    break;
            }
        }
        await DrainAsync();
        foreach (var id in _pending.Keys)
            Complete(id, new("temp", "the supervisor is gone", null));
    }

    /// <summary>Passes a logged-in client on. The supervisor has its own copy of the descriptor when this returns OK.</summary>
    public Task<SupervisorAnswer> HandOffAsync(HandOffRequest request, Socket client, CancellationToken stop) =>
        AskAsync(request.ToFields, client.SafeHandle, stop);

    /// <summary>Asks for an LMTP stream to the worker of a local user.</summary>
    public Task<SupervisorAnswer> OpenDeliveryAsync(string user, CancellationToken stop) =>
        AskAsync(id => [Verb.Deliver, id, user], null, stop);

    /// <summary>A stream ended (workers only). The second number lets the supervisor see that none is on its way.</summary>
    public ValueTask DetachedAsync(int stillServed, long received) => _channel.SendAsync([Verb.Detached, stillServed.ToString(), received.ToString()]);

    public void Dispose()
    {
        _channel.Dispose();
        _retiring.Dispose();
        _draining.Dispose();
        MetricsListener?.Dispose();
        foreach (var listener in _listeners)
            listener.Socket.Dispose();
    }

    async Task DrainAsync()
    {
        await _retiring.CancelAsync();
        await _draining.CancelAsync();
    }

    async Task<SupervisorAnswer> AskAsync(Func<string, string[]> frame, System.Runtime.InteropServices.SafeHandle? descriptor, CancellationToken stop)
    {
        var id = Interlocked.Increment(ref _nextId).ToString();
        var answer = new TaskCompletionSource<SupervisorAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        try
        {
            await _channel.SendAsync(frame(id), descriptor, stop);
            return await answer.Task.WaitAsync(TimeSpan.FromSeconds(30), stop);
        }
        catch (Exception failure) when (failure is TimeoutException or IOException or SocketException or ObjectDisposedException)
        {
            return new("temp", failure.Message, null);
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    void Complete(string id, SupervisorAnswer answer)
    {
        if (!_pending.TryRemove(id, out var pending) || !pending.TrySetResult(answer))
            answer.Stream?.Dispose();
    }

    static Dictionary<string, string> Options(string[] fields) =>
        fields.Select(f => f.Split('=', 2)).ToDictionary(p => p[0], p => p.Length > 1 ? p[1] : "", StringComparer.Ordinal);

    static Socket ToSocket(SafeFileHandle descriptor)
    {
        var socket = new Socket(new SafeSocketHandle(descriptor.DangerousGetHandle(), true));
        descriptor.SetHandleAsInvalid();
        return socket;
    }
}

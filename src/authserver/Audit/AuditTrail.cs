using System.Threading.Channels;
using AuthServer.Composition;
using AuthServer.Logins;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Mechanisms;
using Sasl.Protocols.Audit;

namespace AuthServer.Audit;

/// <summary>
/// Writes down each decision about a login, behind the logins' backs: they put an event into a queue of bounded length and go on, whatever the disk
/// does. What does not fit is counted, and the count written down when there is room again.
/// </summary>
/// <param name="workers">Threads for what waits for a disk.</param>
sealed class AuditTrail(HashWorkers workers, ILogger log, TimeProvider time) : ILoginGuard, IKeeper, IDisposable
{
    const int LongestQueue = 10_000, MostAtOnce = 1000;

    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How long an event waits for others: to wake a thread and the disk for each would cost more than the login did.</summary>
    static readonly TimeSpan _gathering = TimeSpan.FromMilliseconds(20);

    readonly Channel<AuditEntry> _queue = Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(LongestQueue) { SingleReader = true });
    readonly List<AuditEntry> _batch = [];
    readonly Lock _writing = new();
    AuditWriter? _writer;
    long _lost;
    bool _isFailing;

    /// <summary>Where to write from now on; null: nowhere.</summary>
    public void Use(AuditWriter? writer)
    {
        lock (_writing)
        {
            if (writer?.Path == _writer?.Path && writer?.Largest == _writer?.Largest)
                return;
            _writer?.Dispose();
            _writer = writer;
        }
    }

    public ValueTask<string?> AdmitAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop) => new((string?)null);

    public void Decided(LoginDecision decision)
    {
        var login = decision.Login;
        Put(new()
        {
            Time = time.GetUtcNow(),
            Result = decision.IsSuccess ? "ok" : decision.IsHeldBack ? "held" : decision.Failure == FailureKind.Temporary ? "error" : "refused",
            User = login?.User is { Length: > 0 } user ? user : decision.User,
            Given = login is null || login.GivenName == login.User ? "" : login.GivenName,
            Master = login?.MasterUser ?? "",
            Address = decision.Origin.Remote ?? "",
            Service = decision.Origin.Service,
            Mechanism = decision.Origin.Mechanism,
            Security = decision.Origin.IsTls ? "tls" : decision.Origin.IsSecured ? "secured" : "",
            Reason = !decision.IsSuccess && !decision.IsHeldBack && login?.Refusal is { } refusal ? refusal.Reason : decision.Reason,
            Passdb = decision.IsHeldBack ? "" : login?.Source is { Length: > 0 } source ? source : login?.Refusal?.Source ?? "",
            AppPassword = decision.AppPassword ?? "",
            Session = decision.Origin.Session ?? "",
            Took = (long)decision.Took.TotalMilliseconds,
        });
    }

    public void Begin() => Put(new() { Event = AuditEntry.Start, Time = time.GetUtcNow() });

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stop))
            {
                if (_queue.Reader.Count < MostAtOnce)
                    await Task.Delay(_gathering, time, stop);
                if (workers.TryRun(Write, stop) is { } work && await work)
                    continue;
                await Task.Delay(Pause, time, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
        Put(new() { Event = AuditEntry.Stop, Time = time.GetUtcNow() });
        await Task.Run(WriteRest, CancellationToken.None);
    }

    public void Dispose() => Use(null);

    void Put(AuditEntry entry)
    {
        if (_writer is not null && !_queue.Writer.TryWrite(entry))
            Lose(1);
    }

    void WriteRest()
    {
        while (_queue.Reader.Count > 0 && Write())
        {
        }
    }

    /// <summary>What waits, as much as goes at once. False when it could not be written: it is lost, for whoever comes later may find room.</summary>
    bool Write()
    {
        lock (_writing)
            return Write(_writer);
    }

    bool Write(AuditWriter? writer)
    {
        _batch.Clear();
        var lost = Interlocked.Exchange(ref _lost, 0);
        if (lost > 0)
            _batch.Add(new() { Event = AuditEntry.Lost, Time = time.GetUtcNow(), Count = lost });
        while (_batch.Count < MostAtOnce && _queue.Reader.TryRead(out var entry))
            _batch.Add(entry);
        if (writer is null || _batch.Count == 0)
            return true;
        try
        {
            foreach (var suspicion in writer.Append(_batch))
                log.Suspicious(writer.Path, suspicion);
            if (_isFailing)
                log.Recovered(writer.Path, lost);
            _isFailing = false;
            return true;
        }
        catch (IOException failure)
        {
            if (!_isFailing)
                log.Failing(writer.Path, failure.Message);
            _isFailing = true;
            // The earlier loss was counted already; it is still to be written down.
            Interlocked.Add(ref _lost, lost);
            Lose(_batch.Count(e => e.Event != AuditEntry.Lost));
            return false;
        }
    }

    void Lose(long count)
    {
        Interlocked.Add(ref _lost, count);
        AuditMetrics.Lost(count);
    }
}

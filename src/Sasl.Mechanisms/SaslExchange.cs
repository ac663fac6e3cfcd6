// Invariants of this file:
//  * A message of the peer is handed in only when the mechanism has asked for it; between steps the mechanism holds no thread.
//  * Every message is copied in, counted against the limit, and zeroed when the mechanism has ended, however it ended.
//  * A mechanism's code runs without a synchronization context: where a host awaits its steps is the host's affair.
using System.Security.Cryptography;
using System.Threading.Tasks.Sources;

namespace Sasl.Mechanisms;

/// <summary>
/// What both sessions share: a straight-line mechanism on one side, steps on the other. <see cref="StepAsync"/> hands a message in and
/// comes back when the mechanism asks again or has decided.
/// </summary>
sealed class SaslExchange(SaslChannel channel, SaslSettings settings, BindingUse binding)
    : ISaslDialogue, IValueTaskSource<ReadOnlyMemory<byte>>, IValueTaskSource<ReadOnlyMemory<byte>?>, IDisposable
{
    /// <summary>All messages of the peer in one exchange together.</summary>
    public const int LongestExchange = 64 * 1024;

    readonly CancellationTokenSource _abandoned = new();
    readonly long _began = settings.Time.GetTimestamp();
    ManualResetValueTaskSourceCore<ReadOnlyMemory<byte>?> _answer;
    ValueTask<SaslOutcome> _started;
    Task<SaslOutcome>? _running;
    TaskCompletionSource? _asked;
    byte[]? _first, _question;
    List<byte[]>? _later;
    bool _isStarted, _isAsking, _isLast;
    int _received;

    public SaslChannel Channel => channel;

    public SaslSettings Settings => settings;

    public BindingUse Binding => binding;

    public bool IsStarted => _isStarted;

    /// <summary>The mechanism has said all it had to say: a success of the server is enough for it.</summary>
    public bool MayEnd => _isLast && _isAsking;

    public bool HasFirst => _first is not null;

    public ValueTask<ReadOnlyMemory<byte>> FirstAsync(byte[]? challenge) => _first is { } message ? new(message) : AskAsync(challenge ?? []);

    public ValueTask<ReadOnlyMemory<byte>> AskAsync(byte[] message) => new(this, Ask(message, isLast: false));

    public ValueTask<ReadOnlyMemory<byte>?> AskLastAsync(byte[] message) => new(this, Ask(message, isLast: true));

    /// <summary>
    /// Starts the mechanism, or lets it go on, with the peer's message; null when the peer has not spoken yet, or, at the end, has nothing
    /// to say. Returns the mechanism's next message, or its outcome.
    /// </summary>
    public ValueTask<SaslStep> StepAsync<TSession>(Func<TSession, CancellationToken, ValueTask<SaslOutcome>> start, TSession session, byte[]? message, CancellationToken stop)
    {
        if ((_received += message?.Length ?? 0) > LongestExchange)
            return new(new SaslStep(null, SaslOutcome.Malformed("the exchange is too long")));
        if (Remaining <= TimeSpan.Zero)
            return new(TooLate);
        if (_isStarted && !TryAnswer())
            return new(new SaslStep(null, new SaslOutcome.Failure(FailureKind.Temporary, "the exchange was given up")));
        var own = (byte[]?)message?.Clone();
        var context = SynchronizationContext.Current;
        if (context is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            if (_isStarted)
            {
                if (own is not null)
                    (_later ??= []).Add(own);
                _answer.SetResult(own is null ? default(ReadOnlyMemory<byte>?) : own.AsMemory());
            }
            else
            {
                (_isStarted, _first) = (true, own);
#pragma warning disable CA2012 // read once: as a result when it is there, else as the task that is awaited
                _started = start(session, _abandoned.Token);
#pragma warning restore CA2012
            }
        }
        finally
        {
            if (context is not null)
                SynchronizationContext.SetSynchronizationContext(context);
        }
        if (Take() is { } question)
            return new(new SaslStep(question, null));
        if (_running is null && _started.IsCompletedSuccessfully)
            return new(new SaslStep(null, _started.Result));
        return WaitAsync(_running ??= _started.AsTask(), stop);
    }

    /// <summary>Ends the exchange: a mechanism that still waits is let go, and nothing of what the peer said stays in memory.</summary>
    public void Dispose()
    {
        if (_abandoned.IsCancellationRequested)
            return;
        _abandoned.Cancel();
        if (!_isStarted || _running is null && _started.IsCompleted)
        {
            Zero();
            return;
        }
        // The credentials may still be reading a password; zeroing it now would make them check a wrong one.
        (_running ??= _started.AsTask()).ContinueWith(static (done, exchange) =>
        {
            _ = done.Exception;
            ((SaslExchange)exchange!).Zero();
        }, this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (TryAnswer())
            _answer.SetException(new OperationCanceledException(_abandoned.Token));
    }

    TimeSpan Remaining => settings.Deadline == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : settings.Deadline - settings.Time.GetElapsedTime(_began);

    static SaslStep TooLate => new(null, new SaslOutcome.Failure(FailureKind.Temporary, "the exchange took too long"));

    short Ask(byte[] message, bool isLast)
    {
        _abandoned.Token.ThrowIfCancellationRequested();
        TaskCompletionSource? asked;
        short version;
        lock (_abandoned)
        {
            _answer.Reset();
            version = _answer.Version;
            (_question, _isLast, _isAsking) = (message, isLast, true);
            asked = _asked;
        }
        asked?.TrySetResult();
        return version;
    }

    /// <summary>True once for each question.</summary>
    bool TryAnswer()
    {
        lock (_abandoned)
        {
            var isAsking = _isAsking;
            _isAsking = false;
            return isAsking;
        }
    }

    byte[]? Take()
    {
        lock (_abandoned)
        {
            var question = _question;
            (_question, _asked) = (null, null);
            return question;
        }
    }

    async ValueTask<SaslStep> WaitAsync(Task<SaslOutcome> running, CancellationToken stop)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_abandoned)
        {
            if (_question is null)
                _asked = asked;
            else
                asked.SetResult();
        }
        if (!running.IsCompleted && !asked.Task.IsCompleted)
        {
            try
            {
                var remaining = Remaining;
                await Task.WhenAny(running, asked.Task).WaitAsync(remaining == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : remaining, settings.Time, stop).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return TooLate;
            }
        }
        return Take() is { } question ? new(question, null) : new(null, await running.ConfigureAwait(false));
    }

    void Zero()
    {
        CryptographicOperations.ZeroMemory(_first);
        foreach (var message in _later ?? [])
            CryptographicOperations.ZeroMemory(message);
    }

    ReadOnlyMemory<byte> IValueTaskSource<ReadOnlyMemory<byte>>.GetResult(short token) => _answer.GetResult(token) ?? default;

    ReadOnlyMemory<byte>? IValueTaskSource<ReadOnlyMemory<byte>?>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadOnlyMemory<byte>>.GetStatus(short token) => _answer.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<ReadOnlyMemory<byte>?>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<ReadOnlyMemory<byte>>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<ReadOnlyMemory<byte>?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);
}

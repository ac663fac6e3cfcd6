// Invariant: what one round has promised is kept by that round. .NET's own ManualResetValueTaskSourceCore may be reset by a quick consumer while its producer is still
// about to look for the continuation, and then calls the next round's too early.
using System.Threading.Tasks.Sources;

namespace Sasl.Hosting.Net;

/// <summary>A result that somebody waits for, again and again, without an allocation. Who waits goes on on the thread that fulfils it, in no synchronization context.</summary>
sealed class ReusablePromise<T> : IValueTaskSource<T>, IValueTaskSource
{
    readonly Lock _gate = new();
    Action<object?>? _continuation;
    object? _state;
    Exception? _failure;
    T _result = default!;
    bool _isDone = true;
    short _round;

    /// <summary>Begins a round; the one before has ended and its result was taken.</summary>
    public short Begin()
    {
        lock (_gate)
        {
            (_continuation, _state, _failure, _result, _isDone) = (null, null, null, default!, false);
            return ++_round;
        }
    }

    public void Fulfil(T result) => End(result, null);

    public void Break(Exception failure) => End(default!, failure);

    public ValueTaskSourceStatus GetStatus(short token)
    {
        lock (_gate)
            return !IsRound(token) || !_isDone ? ValueTaskSourceStatus.Pending : _failure is null ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Faulted;
    }

    public T GetResult(short token)
    {
        lock (_gate)
            return IsRound(token) && _isDone ? _failure is null ? _result : throw _failure : throw new InvalidOperationException("the result is not there");
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        lock (_gate)
        {
            if (!IsRound(token) || _continuation is not null)
                throw new InvalidOperationException("somebody waits already");
            if (!_isDone)
            {
                (_continuation, _state) = (continuation, state);
                return;
            }
        }
        ThreadPool.UnsafeQueueUserWorkItem(continuation, state, preferLocal: true);
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    void End(T result, Exception? failure)
    {
        Action<object?>? continuation;
        object? state;
        lock (_gate)
            (_result, _failure, _isDone, continuation, state) = (result, failure, true, _continuation, _state);
        continuation?.Invoke(state);
    }

    bool IsRound(short token) => token == _round;
}

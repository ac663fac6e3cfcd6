// Invariants of this file:
//  * A message of the peer is handed in only when the mechanism has asked for it; between steps the mechanism holds no thread.
//  * Every message is copied in, counted against the limit, and zeroed when the mechanism has ended, however it ended.
using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>
/// What both drivers share: a straight-line mechanism on one side, steps on the other. <see cref="StepAsync"/> hands a message in and
/// comes back when the mechanism asks again or has decided.
/// </summary>
sealed class SaslExchange(Func<string, ValueTask<byte[]?>>? channelBinding) : ISaslDialogue, IDisposable
{
    /// <summary>All messages of the peer in one exchange together.</summary>
    public const int LongestExchange = 64 * 1024;

    readonly CancellationTokenSource _abandoned = new();
    readonly List<byte[]> _messages = [];
    Task<SaslOutcome>? _mechanism;
    TaskCompletionSource<ReadOnlyMemory<byte>>? _question, _answer;
    byte[]? _first;
    int _received;

    public bool IsStarted => _mechanism is not null;

    public ValueTask<ReadOnlyMemory<byte>> FirstAsync(ReadOnlyMemory<byte> challenge) =>
        _first is { } message ? new(message) : AskAsync(challenge);

    public ValueTask<ReadOnlyMemory<byte>> AskAsync(ReadOnlyMemory<byte> message)
    {
        _abandoned.Token.ThrowIfCancellationRequested();
        var answer = _answer = new();
        _question!.SetResult(message);
        return new(answer.Task);
    }

    public ValueTask<byte[]?> ChannelBindingAsync(string type) => channelBinding?.Invoke(type) ?? default;

    /// <summary>
    /// Starts the mechanism, or lets it go on, with the peer's message; null when the peer has not spoken yet. Returns the mechanism's
    /// next message, or its outcome.
    /// </summary>
    public async ValueTask<SaslStep> StepAsync(Func<CancellationToken, Task<SaslOutcome>> start, byte[]? message, CancellationToken stop)
    {
        if ((_received += message?.Length ?? 0) > LongestExchange)
            return new(null, SaslOutcome.Malformed("the exchange is too long"));
        var own = (byte[]?)message?.Clone();
        if (own is not null)
            _messages.Add(own);
        var question = _question = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_mechanism is not null)
        {
            _answer!.SetResult(own);
        }
        else
        {
            _first = own;
            _mechanism = start(_abandoned.Token);
        }
        if (!_mechanism.IsCompleted)
            await Task.WhenAny(_mechanism, question.Task).WaitAsync(stop);
        return question.Task.IsCompleted ? new((await question.Task).ToArray(), null) : new(null, await _mechanism);
    }

    /// <summary>Ends the exchange: a mechanism that still waits is let go, and nothing of what the peer said stays in memory.</summary>
    public void Dispose()
    {
        if (_abandoned.IsCancellationRequested)
            return;
        _abandoned.Cancel();
        _answer?.TrySetCanceled(_abandoned.Token);
        // The credentials may still be reading a password; zeroing it now would make them check a wrong one.
        if (_mechanism is { IsCompleted: false } running)
            running.ContinueWith(static (_, exchange) => ((SaslExchange)exchange!).Zero(), this, TaskScheduler.Default);
        else
            Zero();
    }

    void Zero()
    {
        foreach (var message in _messages)
            CryptographicOperations.ZeroMemory(message);
    }
}

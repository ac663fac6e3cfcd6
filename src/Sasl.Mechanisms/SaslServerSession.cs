namespace Sasl.Mechanisms;

/// <summary>
/// Runs one mechanism for one client, a step at a time. Whatever the client sends ends in a challenge or an outcome; exceptions come
/// only from the credentials. Not for two callers at once.
/// </summary>
public sealed class SaslServerSession(SaslMechanism mechanism, ICredentials credentials,
    Func<string, ValueTask<byte[]?>>? channelBinding = null) : IDisposable
{
    readonly SaslExchange _exchange = new(channelBinding);
    SaslStep? _end;

    public SaslMechanism Mechanism => mechanism;

    /// <summary>
    /// The first call takes the initial response: null when the client sent none, which is not the same as one of zero length
    /// (RFC 4422 §4). Every later call takes the answer to the challenge before.
    /// </summary>
    public async ValueTask<SaslStep> StepAsync(byte[]? message, CancellationToken stop = default)
    {
        if (_end is { } end)
            return end;
        var step = Refuse(message) is { } refusal ? new SaslStep(null, refusal)
            : await _exchange.StepAsync(given => mechanism.Server(_exchange, credentials, given), message, stop);
        if (step.Outcome is not { } outcome)
            return step;
        _exchange.Dispose();
        _end = step = new(null, Check(outcome));
        return step;
    }

    public void Dispose() => _exchange.Dispose();

    SaslOutcome.Failure? Refuse(byte[]? message)
    {
        if (message is not { } bytes)
            return _exchange.IsStarted ? SaslOutcome.Malformed("no response") : null;
        // RFC 4422 §4: a mechanism whose server speaks first has no initial response.
        if (!_exchange.IsStarted && mechanism.First == FirstMessage.Server)
            return SaslOutcome.Malformed($"{mechanism.Name} takes no initial response");
        if (!mechanism.Flags.HasFlag(MechanismFlags.AllowsNul) && bytes.AsSpan().Contains((byte)0))
            return SaslOutcome.Malformed("NUL in a response");
        return null;
    }

    /// <summary>The bounds hold for every mechanism, also for one that forgot them.</summary>
    static SaslOutcome Check(SaslOutcome outcome) =>
        outcome is SaslOutcome.Success success && !(SaslText.IsIdentity(success.AuthenticationId) && SaslText.IsIdentity(success.AuthorizationId))
            ? SaslOutcome.Malformed("an identity is too long or holds NUL")
            : outcome;
}

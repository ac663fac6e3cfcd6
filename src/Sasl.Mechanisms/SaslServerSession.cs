namespace Sasl.Mechanisms;

/// <summary>
/// Runs one mechanism for one client, a step at a time. Whatever the client sends ends in a challenge or an outcome; exceptions come
/// only from the credentials, and OperationCanceledException from a step that was given up. Not for two callers at once.
/// </summary>
/// <param name="mechanism">A line of the table, or a host's own.</param>
/// <param name="credentials">The host's knowledge.</param>
/// <param name="channel">The connection; null when nothing is known of it.</param>
/// <param name="settings">null for the defaults.</param>
public sealed class SaslServerSession(SaslMechanism mechanism, ISaslCredentials credentials, SaslChannel? channel = null, SaslSettings? settings = null) : IDisposable
{
    readonly SaslExchange _exchange = new(channel ?? SaslChannel.Unknown, settings ?? SaslSettings.Default, BindingUse.None);
    SaslStep? _end;

    /// <summary>What is run.</summary>
    public SaslMechanism Mechanism => mechanism;

    /// <summary>
    /// The first call takes the initial response: null when the client sent none, which is not the same as one of zero length
    /// (RFC 4422 §4). Every later call takes the answer to the challenge before. The array is copied. Every step after the outcome is
    /// that outcome again.
    /// </summary>
    public ValueTask<SaslStep> StepAsync(byte[]? message, CancellationToken stop = default)
    {
        if (_end is { } end)
            return new(end);
        if (Refuse(message) is { } refusal)
            return new(Finish(new(null, refusal)));
        var step = _exchange.StepAsync(static (session, given) => session.Begin(given), this, message, stop);
        return step.IsCompletedSuccessfully ? new(Finish(step.Result)) : FinishAsync(step);
    }

    /// <summary>Gives the exchange up, if it has not ended, and forgets what the client sent.</summary>
    public void Dispose() => _exchange.Dispose();

    ValueTask<SaslOutcome> Begin(CancellationToken given) => mechanism.Server(_exchange, credentials, given);

    async ValueTask<SaslStep> FinishAsync(ValueTask<SaslStep> step) => Finish(await step.ConfigureAwait(false));

    SaslStep Finish(SaslStep step)
    {
        if (step.Outcome is not { } outcome)
            return step;
        _exchange.Dispose();
        step = new(null, Check(outcome));
        _end = step;
        return step;
    }

    SaslOutcome.Failure? Refuse(byte[]? message)
    {
        if (message is not { } bytes)
            return _exchange.IsStarted ? SaslOutcome.Malformed("no response") : null;
        // RFC 4422 §4: a mechanism whose server speaks first has no initial response.
        if (!_exchange.IsStarted && mechanism.First == FirstMessage.Server)
            return SaslOutcome.Malformed($"{mechanism.Name} takes no initial response");
        if ((mechanism.Flags & MechanismFlags.AllowsNul) == 0 && bytes.AsSpan().Contains((byte)0))
            return SaslOutcome.Malformed("NUL in a response");
        return null;
    }

    /// <summary>The bounds hold for every mechanism, also for one that forgot them.</summary>
    static SaslOutcome Check(SaslOutcome outcome) =>
        outcome is SaslOutcome.Success success && !(SaslText.IsIdentity(success.AuthenticationId) && SaslText.IsIdentity(success.AuthorizationId))
            ? SaslOutcome.Malformed("an identity is too long or holds NUL")
            : outcome;
}

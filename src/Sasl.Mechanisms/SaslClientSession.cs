using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>Runs one mechanism against a server, a step at a time.</summary>
/// <param name="mechanism">A line of the table, or a host's own.</param>
/// <param name="credentials">Who we are.</param>
/// <param name="channel">The connection; null when nothing is known of it.</param>
/// <param name="settings">null for the defaults.</param>
/// <param name="serverOffersBinding">
/// Whether any -PLUS mechanism stood in the server's list; null when that is not known. With false, a mechanism that could be bound says so,
/// and a server whose list was altered on the way refuses (RFC 5802 §6).
/// </param>
public sealed class SaslClientSession(SaslMechanism mechanism, ClientCredentials credentials, SaslChannel? channel = null, SaslSettings? settings = null,
    bool? serverOffersBinding = null) : IDisposable
{
    readonly SaslExchange _exchange = new(channel ?? SaslChannel.Unknown, settings ?? SaslSettings.Default,
        mechanism.Flags.HasFlag(MechanismFlags.ChannelBinding) ? BindingUse.Used
            : serverOffersBinding == false && channel?.Bindings is { Types.Count: > 0 } ? BindingUse.NotOffered : BindingUse.None);
    readonly List<byte[]> _sent = [];
    SaslOutcome? _outcome;
    byte[]? _kept;

    /// <summary>What is run.</summary>
    public SaslMechanism Mechanism => mechanism;

    /// <summary>
    /// What to send with the mechanism's name: neither a message nor an outcome when there is nothing to send, a failure when the credentials
    /// cannot be sent by this mechanism at all. Call it first. When the protocol or the server has no room for an initial response, say so:
    /// it is then the answer to the server's first, empty challenge.
    /// </summary>
    public async ValueTask<SaslStep> StartAsync(bool canSendInitial = true, CancellationToken stop = default)
    {
        if (mechanism.First == FirstMessage.Server || (mechanism.First == FirstMessage.ServerUnlessInitial && !canSendInitial))
            return default;
        var step = await RunAsync(null, stop).ConfigureAwait(false);
        // It waits for the server's first message.
        if (mechanism.First == FirstMessage.ServerUnlessInitial && step.Message is { Length: 0 })
            return default;
        if (canSendInitial || step.IsFinished)
            return step;
        _kept = step.Message;
        return default;
    }

    /// <summary>The initial response that was handed out has no room: it is the answer to the server's first, empty challenge after all.</summary>
    internal void HoldBack(byte[] initial) => _kept = initial;

    /// <summary>Answers a challenge: a message to send, or a failure, upon which the caller aborts the exchange.</summary>
    public async ValueTask<SaslStep> StepAsync(byte[] challenge, CancellationToken stop = default)
    {
        if (_kept is { } initial && challenge.Length == 0)
        {
            _kept = null;
            return new(initial, null);
        }
        return _kept is null && _outcome is null
            ? await RunAsync(challenge, stop).ConfigureAwait(false)
            : new(null, _outcome = new SaslOutcome.Failure(FailureKind.ServerNotTrusted, "an unexpected challenge"));
    }

    /// <summary>The server said that we are in, perhaps with final data: only now, and only if the mechanism agrees, is it true.</summary>
    public async ValueTask<SaslOutcome> FinishAsync(byte[]? finalData, CancellationToken stop = default)
    {
        // A server that says yes before it has our last message cannot know who we are.
        if (_kept is null && _outcome is null && (finalData is not null || _exchange.MayEnd))
        {
            var step = await RunAsync(finalData, stop).ConfigureAwait(false);
            // The mechanism would answer this data with nothing, and is then content with a success: the server has said that already.
            if (_outcome is null && step.Message is { Length: 0 } && _exchange.MayEnd)
                await RunAsync(null, stop).ConfigureAwait(false);
        }
        return _kept is null && _outcome is not null ? _outcome : new SaslOutcome.Failure(FailureKind.ServerNotTrusted, "the server said yes before it proved itself");
    }

    /// <summary>The messages that were handed out are zeroed: send them before.</summary>
    public void Dispose()
    {
        _exchange.Dispose();
        foreach (var message in _sent)
            CryptographicOperations.ZeroMemory(message);
    }

    async ValueTask<SaslStep> RunAsync(byte[]? challenge, CancellationToken stop)
    {
        var step = await _exchange.StepAsync(static (session, given) => session.Begin(given), this, challenge, stop).ConfigureAwait(false);
        if (step.Outcome is { } outcome)
            _outcome = outcome;
        // The mechanism is done on our side; its last message, if any, is still to go out and the server's word is still to come.
        if (step.Outcome is SaslOutcome.Success { FinalData: var last })
            step = new(last ?? [], null);
        if (step.Message is { } message)
            _sent.Add(message);
        return step;
    }

    ValueTask<SaslOutcome> Begin(CancellationToken given) => mechanism.Client(_exchange, credentials, given);
}

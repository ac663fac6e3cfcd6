using System.Security.Cryptography;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>Runs a client's exchange over what stands in a protocol.</summary>
/// <param name="profile">The protocol.</param>
/// <param name="session">A new session; disposed with this.</param>
public sealed class ClientProfile(SaslProfile profile, SaslClientSession session) : IDisposable
{
    readonly List<byte[]> _sent = [];
    ProfileStep? _end;

    /// <summary>What to send with the mechanism's name; no text when nothing is to stand there, an outcome when the exchange must not begin at all.</summary>
    /// <param name="command">
    /// The command line as it stands without the initial response and the line end: "AUTH PLAIN". Where both do not fit the protocol's line, the
    /// initial response waits for the server's first challenge (RFC 4954 §4, RFC 5034 §4).
    /// </param>
    /// <param name="canSendInitial">false: this server takes no initial response (IMAP without SASL-IR).</param>
    /// <param name="stop">Gives the exchange up.</param>
    public async ValueTask<ProfileStep> StartAsync(string command, bool canSendInitial = true, CancellationToken stop = default)
    {
        var step = await session.StartAsync(canSendInitial, stop).ConfigureAwait(false);
        if (step.Message is not { } message || step.IsFinished)
            return new(null, step.Outcome);
        var text = Keep(profile.Encode(SaslPlace.Initial, message)!);
        const int blankAndEnd = 3;
        if (command.Length + text.Length + blankAndEnd <= (profile.LongestCommand ?? int.MaxValue))
            return new(text, null);
        session.HoldBack(message);
        return default;
    }

    /// <summary>
    /// Answers a challenge. With an outcome, the exchange has failed on our side: the text then gives up, where the protocol has a text for it.
    /// </summary>
    /// <param name="challenge">What stands behind the reply code; the value of a field or element, null where it is absent.</param>
    /// <param name="stop">Gives the exchange up.</param>
    public async ValueTask<ProfileStep> AnswerAsync(byte[]? challenge, CancellationToken stop = default)
    {
        if (_end is { } end)
            return end;
        var argument = profile.Decode(SaslPlace.Challenge, challenge);
        if (argument.Kind == SaslArgumentKind.Malformed)
            return GiveUp(NotEncoded, ProfileFault.Encoding);
        var step = await session.StepAsync(argument.Message!, stop).ConfigureAwait(false);
        return step.Outcome is { } outcome ? GiveUp(outcome) : new(Keep(profile.Encode(SaslPlace.Response, step.Message)!), null);
    }

    /// <summary>The server said yes: only now, and only if the mechanism agrees, is it true.</summary>
    /// <param name="data">What stands with the success; null when nothing does, or the protocol has no place for it.</param>
    /// <param name="stop">Gives the exchange up.</param>
    public async ValueTask<SaslOutcome> FinishAsync(byte[]? data = null, CancellationToken stop = default)
    {
        if (_end is { Outcome: { } outcome })
            return outcome;
        var argument = profile.Decode(SaslPlace.Success, data);
        return argument.Kind == SaslArgumentKind.Malformed ? NotEncoded : await session.FinishAsync(argument.Message, stop).ConfigureAwait(false);
    }

    /// <summary>The texts that were handed out are zeroed: send them before.</summary>
    public void Dispose()
    {
        session.Dispose();
        foreach (var text in _sent)
            CryptographicOperations.ZeroMemory(text);
    }

    SaslOutcome.Failure NotEncoded => SaslOutcome.Malformed($"not what {profile.Name} writes messages in");

    ProfileStep GiveUp(SaslOutcome outcome, ProfileFault fault = ProfileFault.None)
    {
        var text = profile.AbortMark is { } mark ? SaslTextForm.Wrap(profile.Form, SaslPlace.Response, Encoding.ASCII.GetBytes(mark)) : null;
        _end = new(text, outcome) { Fault = fault };
        return _end.Value;
    }

    byte[] Keep(byte[] text)
    {
        _sent.Add(text);
        return text;
    }
}

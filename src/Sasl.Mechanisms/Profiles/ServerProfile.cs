using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>
/// Runs a server's exchange over what stands in a protocol. Whatever the client sends ends in a challenge or an outcome; exceptions come only
/// from the credentials. Every step after the outcome is that outcome again.
/// </summary>
/// <param name="profile">The protocol.</param>
/// <param name="session">A new session; disposed with this.</param>
public sealed class ServerProfile(SaslProfile profile, SaslServerSession session) : IDisposable
{
    SaslOutcome.Success? _unsaid;
    ProfileStep? _end;

    /// <summary>The client's command.</summary>
    /// <param name="initial">What stands behind the mechanism's name; null when nothing does.</param>
    /// <param name="stop">Gives the exchange up.</param>
    public async ValueTask<ProfileStep> StartAsync(byte[]? initial, CancellationToken stop = default)
    {
        var argument = profile.Decode(SaslPlace.Initial, initial);
        return argument.Kind == SaslArgumentKind.Malformed ? NotEncoded() : await StepAsync(argument.Message, stop).ConfigureAwait(false);
    }

    /// <summary>The client's answer to a challenge.</summary>
    /// <param name="response">A line without its end; the value of a field or element, null where it is absent.</param>
    /// <param name="stop">Gives the exchange up.</param>
    public async ValueTask<ProfileStep> AnswerAsync(byte[]? response, CancellationToken stop = default)
    {
        var argument = profile.Decode(SaslPlace.Response, response);
        return argument.Kind switch
        {
            SaslArgumentKind.Malformed => NotEncoded(),
            SaslArgumentKind.Abort => Abort(),
            _ => await StepAsync(argument.Message, stop).ConfigureAwait(false),
        };
    }

    /// <summary>The client gave up by the protocol's own means.</summary>
    public ProfileStep Abort() => _end ?? End(new(null, SaslOutcome.Malformed("the client gave up")) { Fault = ProfileFault.Aborted });

    /// <summary>Gives the exchange up, if it has not ended, and forgets what the client sent.</summary>
    public void Dispose() => session.Dispose();

    async ValueTask<ProfileStep> StepAsync(byte[]? message, CancellationToken stop)
    {
        if (_end is { } end)
            return end;
        // RFC 4422 §3.6: the client has the last data and says nothing to them.
        if (_unsaid is { } success)
            return End(new(null, message is { Length: 0 } ? success : SaslOutcome.Malformed("an answer to the final data", success.AuthenticationId)));
        try
        {
            var step = await session.StepAsync(message, stop).ConfigureAwait(false);
            return step.Outcome is { } outcome ? Finish(outcome) : new(profile.Encode(SaslPlace.Challenge, step.Message), null);
        }
        finally
        {
            // The session has a copy.
            CryptographicOperations.ZeroMemory(message);
        }
    }

    ProfileStep Finish(SaslOutcome outcome)
    {
        if (outcome is not SaslOutcome.Success { FinalData: { } data } success)
            return End(new(null, outcome));
        if (profile.HasSuccessData)
            return End(new(profile.Encode(SaslPlace.Success, data), success));
        _unsaid = success;
        return new(profile.Encode(SaslPlace.Challenge, data), null);
    }

    ProfileStep NotEncoded() => _end ?? End(new(null, SaslOutcome.Malformed($"not what {profile.Name} writes messages in")) { Fault = ProfileFault.Encoding });

    ProfileStep End(ProfileStep step)
    {
        session.Dispose();
        _end = step;
        return step;
    }
}

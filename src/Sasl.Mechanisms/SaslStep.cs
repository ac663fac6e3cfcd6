namespace Sasl.Mechanisms;

/// <summary>
/// What to do next: send <paramref name="Message"/> to the peer, or take the <paramref name="Outcome"/>. One is set, but for a client that has nothing
/// to send at the start.
/// </summary>
/// <param name="Message">To send, perhaps of zero length; the receiver of the step may keep it until the session is disposed.</param>
/// <param name="Outcome">The end.</param>
public readonly record struct SaslStep(byte[]? Message, SaslOutcome? Outcome)
{
    /// <summary>There is an outcome.</summary>
    public bool IsFinished => Outcome is not null;
}

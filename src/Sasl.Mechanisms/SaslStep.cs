namespace Sasl.Mechanisms;

/// <summary>What to do next: send <paramref name="Message"/> to the peer, or take the <paramref name="Outcome"/>. One is set, but for a client that has nothing to send at the start.</summary>
public readonly record struct SaslStep(byte[]? Message, SaslOutcome? Outcome)
{
    public bool IsFinished => Outcome is not null;
}

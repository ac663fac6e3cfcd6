namespace Sasl.Mechanisms;

/// <summary>What to do next in a protocol.</summary>
/// <param name="Text">
/// What to send, as it stands in the protocol; null: nothing. On a server a challenge, or with an outcome of success the data that go with it. On a
/// client a response, or with an outcome what ends the exchange. Send it before the next step.
/// </param>
/// <param name="Outcome">Set when the exchange is over for this side.</param>
public readonly record struct ProfileStep(byte[]? Text, SaslOutcome? Outcome)
{
    /// <summary>Why the exchange ended before its mechanism did.</summary>
    public ProfileFault Fault { get; init; }

    /// <summary>The exchange is over.</summary>
    public bool IsFinished => Outcome is not null;
}

/// <summary>What protocols have replies of their own for (SMTP: 501 5.5.2 and 501 5.7.0; XMPP: incorrect-encoding and aborted).</summary>
public enum ProfileFault
{
    /// <summary>Nothing of the kind: the outcome is the mechanism's.</summary>
    None,

    /// <summary>The peer's text is not base64, or not a string.</summary>
    Encoding,

    /// <summary>The client gave up.</summary>
    Aborted,
}

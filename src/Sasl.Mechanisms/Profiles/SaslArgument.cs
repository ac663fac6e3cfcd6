namespace Sasl.Mechanisms;

/// <summary>What somebody sent, decoded. The default says that nothing stands there.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Message">The message, may be empty; null when it is none. It may hold a password.</param>
public readonly record struct SaslArgument(SaslArgumentKind Kind, byte[]? Message)
{
    internal static SaslArgument Malformed => new(SaslArgumentKind.Malformed, null);

    internal static SaslArgument Abort => new(SaslArgumentKind.Abort, null);

    internal static SaslArgument Of(byte[] message) => new(SaslArgumentKind.Message, message);
}

/// <summary>What may stand in place of a message.</summary>
public enum SaslArgumentKind
{
    /// <summary>Nothing: no initial response, no data with success.</summary>
    Nothing,

    /// <summary>A message, also one of zero length.</summary>
    Message,

    /// <summary>The client gives up.</summary>
    Abort,

    /// <summary>Not base64, or not a string.</summary>
    Malformed,
}

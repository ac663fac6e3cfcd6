namespace Sasl.Protocols.Saslauthd;

/// <summary>Where the conversation ended. Everything but <see cref="Replied"/> says that saslauthd could not be asked.</summary>
public enum SaslauthdStage { Replied, Connect, Write, SizeRead, BadResponse, Read, TooLarge }

/// <param name="IsOk">Only ever true when saslauthd said OK.</param>
/// <param name="Text">What saslauthd said after OK or NO, or the system's words for the failure. For the log, never for the client.</param>
public readonly record struct SaslauthdAnswer(SaslauthdStage Stage, bool IsOk, string Text);

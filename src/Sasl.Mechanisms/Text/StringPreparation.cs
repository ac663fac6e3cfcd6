namespace Sasl.Mechanisms;

/// <summary>How names and passwords are prepared before they are compared or hashed, so that what looks the same is the same.</summary>
public enum StringPreparation
{
    /// <summary>Not at all: bytes are compared as they are.</summary>
    None,

    /// <summary>SASLprep (RFC 4013) with Unicode 3.2, which SCRAM, PLAIN and others were written for: other spaces become SPACE, compatibility characters what they stand for.</summary>
    SaslPrep,

    /// <summary>
    /// PRECIS (RFC 8265), the successor, with the Unicode of this library: names as UsernameCasePreserved, passwords as OpaqueString. ASCII alone is
    /// the same in both; a name with a space is one for SASLprep only.
    /// </summary>
    Precis,
}

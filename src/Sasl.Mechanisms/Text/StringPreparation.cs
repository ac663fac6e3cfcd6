namespace Sasl.Mechanisms;

/// <summary>How names and passwords are prepared before they are compared or hashed.</summary>
public enum StringPreparation
{
    /// <summary>As they are.</summary>
    None,

    /// <summary>SASLprep (RFC 4013).</summary>
    SaslPrep,

    /// <summary>PRECIS (RFC 8265).</summary>
    Precis,
}

/// <summary>.</summary>
public static class Preparation
{
    /// <summary>.</summary>
    public static bool TryPrepareName(StringPreparation how, string name, out string prepared)
    {
        prepared = name;
        return true;
    }

    /// <summary>.</summary>
    public static bool TryPreparePassword(StringPreparation how, ReadOnlySpan<byte> utf8, out byte[] prepared)
    {
        prepared = utf8.ToArray();
        return true;
    }
}

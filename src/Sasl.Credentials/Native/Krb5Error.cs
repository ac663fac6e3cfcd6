namespace Sasl.Credentials.Native;

/// <summary>A call of libkrb5 that failed, with the library's words for the log.</summary>
public sealed record Krb5Error(string Call, int Code, string Text)
{
    // Of com_err(3): Kerberos' errors are this base and the number in the protocol (RFC 4120 §7.5.9), those of the library from 128 on.
    const int Base = -1765328384;

    public const int NameExpired = 1, ClientUnknown = 6, Policy = 12, ClientRevoked = 18, ClientNotYet = 21, KeyExpired = 23, PreauthenticationFailed = 24,
        BadIntegrity = 31, ClockSkew = 37, Modified = 41, LibraryPreauthenticationFailed = 174;

    /// <summary>The number in the protocol or of the library; -1 for another kind of trouble.</summary>
    public int Number => Code is >= Base and < Base + 256 ? Code - Base : -1;

    public override string ToString() => $"{Call}: {Text} ({Code})";
}

namespace Sasl.Mechanisms;

/// <summary>A client's own identity and secrets.</summary>
/// <param name="AuthenticationId">Whose secret it is; for ANONYMOUS what to say of oneself.</param>
/// <param name="AuthorizationId">Whom to act as; empty for oneself.</param>
/// <param name="Password">UTF-8; empty for none. The caller zeroes it.</param>
public sealed record ClientCredentials(string AuthenticationId, string AuthorizationId, ReadOnlyMemory<byte> Password)
{
    /// <summary>A bearer token (RFC 6750 §2.1) for OAUTHBEARER and XOAUTH2; empty for none. The caller zeroes it.</summary>
    public ReadOnlyMemory<byte> Token { get; init; }

    /// <summary>DIGEST-MD5: the realm to take when the server offers several; null for the first.</summary>
    public string? Realm { get; init; }

    /// <summary>Use Kerberos: the tickets of <see cref="TicketCache"/>, or new ones by name and password.</summary>
    public bool UseKerberos { get; init; }

    /// <summary>"FILE:/path" or another name of a credential cache; null for the system's default.</summary>
    public string? TicketCache { get; init; }

    /// <summary>Has what the mechanism needs.</summary>
    public bool Fit(SaslMechanism mechanism) => mechanism.Need switch
    {
        ClientNeed.Password => AuthenticationId.Length > 0 && !Password.IsEmpty,
        ClientNeed.Token => !Token.IsEmpty,
        ClientNeed.Kerberos => UseKerberos,
        _ => true,
    };
}

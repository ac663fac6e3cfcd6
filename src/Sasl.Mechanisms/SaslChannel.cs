namespace Sasl.Mechanisms;

/// <summary>What the host knows of the connection that an exchange runs over.</summary>
public sealed record SaslChannel
{
    /// <summary>Nothing is known: no encryption, no bindings.</summary>
    public static SaslChannel Unknown { get; } = new();

    /// <summary>The service's registered GSSAPI name (RFC 4422 §4): "smtp", "imap", "pop", "ldap", "xmpp".</summary>
    public string Service { get; init; } = "";

    /// <summary>The server's full host name.</summary>
    public string HostName { get; init; } = "";

    /// <summary>TLS, or as safe (a Unix socket): passwords may pass in the clear.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Strength of that encryption in bits of key, 0 for none: counts towards a policy's least.</summary>
    public int ExternalSsf { get; init; }

    /// <summary>The identity that the channel itself has proven (client certificate, peer uid), for EXTERNAL; null for none.</summary>
    public string? ExternalId { get; init; }

    /// <summary>
    /// Null when the channel has none, and on a server also when no -PLUS mechanism was offered: a client that says "you did not offer it"
    /// is refused when there are some.
    /// </summary>
    public IChannelBindings? Bindings { get; init; }
}

namespace Sasl.Credentials.Ldap;

/// <summary>A connection to a directory server is lost, was never made, or carries something that is not LDAP. A server's refusal is a result, not this.</summary>
public sealed class LdapException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>It was there and broke while something was asked: asking again elsewhere may help.</summary>
    public bool IsBroken { get; init; } = true;
}

using Sasl.Mechanisms;

namespace Sasl.Credentials.Ldap;

/// <summary>As whom a connection acts.</summary>
abstract record LdapIdentity
{
    LdapIdentity()
    {
    }

    /// <summary>By name and password (RFC 4513 §5.1); an empty name is nobody's.</summary>
    public sealed record Simple(string Dn, ReadOnlyMemory<byte> Password) : LdapIdentity
    {
        public override string ToString() => Dn.Length == 0 ? "nobody (anonymous)" : Dn;
    }

    /// <summary>By a SASL mechanism (RFC 4513 §5.2).</summary>
    /// <param name="Mechanism">Which; null for the strongest that is offered.</param>
    public sealed record Sasl(ClientCredentials Credentials, string? Mechanism, SaslPolicy Policy) : LdapIdentity
    {
        public override string ToString() => $"{(Credentials.AuthenticationId.Length == 0 ? "whoever the connection proves" : Credentials.AuthenticationId)} by {Mechanism ?? "SASL"}";
    }
}

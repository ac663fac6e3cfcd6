using System.Text;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Ldap;

/// <summary>Where a directory is and as whom it is asked, whatever file says so. Holds a password: it is not printed.</summary>
public sealed class LdapDirectoryOptions
{
    /// <summary>In the order in which they are tried.</summary>
    public required IReadOnlyList<LdapUrl> Servers { get; init; }

    /// <summary>TLS by StartTLS on ldap://, before anything else is said.</summary>
    public bool StartTls { get; init; }

    public TlsFiles Tls { get; init; } = new(Verifies: true);

    /// <summary>Who looks entries up: a DN, or with SASL an authentication identity; "" for nobody.</summary>
    public string Name { get; init; } = "";

    public string Password { get; init; } = "";

    public bool UsesSasl { get; init; }

    /// <summary>Null for the strongest that the server offers.</summary>
    public string? SaslMechanism { get; init; }

    public string? SaslRealm { get; init; }

    public string SaslAuthorizationId { get; init; } = "";

    public LdapAliases Aliases { get; init; }

    /// <summary>For a connection, and for each answer: shorter than the whole, so that another server gets its turn.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>For a question with all its connections and answers.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    internal LdapIdentity Identity
    {
        get
        {
            var password = Encoding.UTF8.GetBytes(Password);
            if (!UsesSasl)
                return new LdapIdentity.Simple(Name, password);
            var isKerberos = SaslMechanism is "GSSAPI" or "GSS-SPNEGO";
            var policy = new SaslPolicy { Allowed = SaslMechanism is { } named ? [named] : [.. LdapOptions.WithPassword, "EXTERNAL"] };
            return new LdapIdentity.Sasl(new(Name, SaslAuthorizationId, password) { Realm = SaslRealm, UseKerberos = isKerberos }, SaslMechanism, policy);
        }
    }

    /// <summary>What does not go together, or null.</summary>
    public string? Complaint() =>
        Servers.Count == 0 ? "no server is named"
        : StartTls && Servers.Any(url => url.IsTls) ? "StartTLS cannot be done on an ldaps:// server, which has TLS already"
        // RFC 4513 §5.1.2: many servers say yes to a name without a password, and it means nothing.
        : !UsesSasl && Name.Length > 0 && Password.Length == 0 ? "a name without a password is no identity"
        : null;
}

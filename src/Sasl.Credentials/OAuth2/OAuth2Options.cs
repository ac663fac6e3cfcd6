namespace Sasl.Credentials.OAuth2;

/// <summary>How a server is asked about a token.</summary>
public enum IntrospectionMode
{
    /// <summary>GET with the token as our own bearer token.</summary>
    Auth,

    /// <summary>GET with the token at the end of the URL.</summary>
    Get,

    /// <summary>POST of a form (RFC 7662 §2.1).</summary>
    Post,

    /// <summary>Nobody is asked: the token's signature is looked at.</summary>
    Local,
}

/// <summary>How tokens are judged, whatever file says so. Holds a secret: it is not printed.</summary>
public sealed class OAuth2Options
{
    /// <summary>The token is put behind it; null: not asked.</summary>
    public Uri? TokenInfo { get; init; }

    public Uri? Introspection { get; init; }

    public IntrospectionMode Mode { get; init; }

    /// <summary>Introspection is asked though something else has answered all.</summary>
    public bool AlwaysIntrospects { get; init; }

    /// <summary>Where a name and a password are exchanged for a token (RFC 6749 §4.3); null: nowhere.</summary>
    public Uri? Grant { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    /// <summary>The claim that names the user.</summary>
    public string UserClaim { get; init; } = "email";

    /// <summary>One of them has to be the token's "iss"; none: not looked at.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>One of them has to be in the token's "aud"; none: not looked at.</summary>
    public IReadOnlyList<string> Audience { get; init; } = [];

    /// <summary>One of them has to be in the token's scope; none: not looked at.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>A claim that has to be there, with <see cref="ActiveValue"/> unless that is ""; "": not looked at.</summary>
    public string ActiveClaim { get; init; } = "";

    public string ActiveValue { get; init; } = "";

    /// <summary>The issuer's keys (RFC 7517).</summary>
    public Uri? KeyUrl { get; init; }

    public string KeyFile { get; init; } = "";

    /// <summary>A directory of keys, PARTY/ALGORITHM/NAME.</summary>
    public string KeyDirectory { get; init; } = "";

    public TlsFiles Tls { get; init; } = new(Verifies: true);

    /// <summary>For a login with all that is asked.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What does not go together, or null.</summary>
    public string? Complaint()
    {
        var keys = (KeyUrl is null ? 0 : 1) + (KeyFile.Length > 0 ? 1 : 0) + (KeyDirectory.Length > 0 ? 1 : 0);
        return Mode == IntrospectionMode.Local && keys != 1 ? "introspection_mode = local needs one of local_validation_key_dict, jwks_file and jwks_url"
            : Mode == IntrospectionMode.Local && KeyDirectory.Length == 0 && Issuers.Count == 0 ? "jwks_url and jwks_file need issuers: whose tokens are they the keys for?"
            : Mode != IntrospectionMode.Local && keys > 0 ? "keys are set, and introspection_mode is not local"
            : Mode != IntrospectionMode.Local && TokenInfo is null && Introspection is null && Grant is null ? "neither tokeninfo_url nor introspection_url nor local validation is set: no token could be judged"
            : Grant is not null && Introspection is null && keys == 0 && (ActiveClaim.Length > 0 || Audience.Count > 0 || Issuers.Count > 0)
                ? "what a token has to say (active_attribute, audience, issuers) is not in the answer to a password: it needs introspection_url or local validation"
            : AlwaysIntrospects && Introspection is null ? "force_introspection needs introspection_url"
            : null;
    }
}

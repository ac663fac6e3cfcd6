namespace Sasl.Hosting.Configuration;

/// <summary>Names of Dovecot 2.4 for settings that the table has under their 2.3 name.</summary>
static class DovecotSynonyms
{
    /// <summary>The assignment under its 2.3 name; null when it is accepted and means nothing here.</summary>
    public static DovecotAssignment? Translate(DovecotAssignment assignment) => assignment.Name switch
    {
        "dovecot_config_version" or "dovecot_storage_version" => null,
        "ssl_server_cert_file" => assignment with { Name = "ssl_cert", IsFile = true },
        "ssl_server_key_file" => assignment with { Name = "ssl_key", IsFile = true },
        "ssl_server_key_password" => assignment with { Name = "ssl_key_password" },
        "ssl_server_dh_file" => assignment with { Name = "ssl_dh", IsFile = true },
        "ssl_server_prefer_ciphers" => assignment with { Name = "ssl_prefer_server_ciphers", Value = assignment.Value == "server" ? "yes" : "no" },
        "ssl_server_alt_cert_file" => assignment with { Name = "ssl_alt_cert", IsFile = true },
        "ssl_server_alt_key_file" => assignment with { Name = "ssl_alt_key", IsFile = true },
        "ssl_server_ca_file" => assignment with { Name = "ssl_ca", IsFile = true },
        "ssl_server_require_crl" => assignment with { Name = "ssl_require_crl" },
        "ssl_server_request_client_cert" => assignment with { Name = "ssl_verify_client_cert" },
        "auth_default_domain" => assignment with { Name = "auth_default_realm" },
        "auth_allow_cleartext" => assignment with
        {
            Name = "disable_plaintext_auth",
            Value = assignment.Value.ToLowerInvariant() switch { "yes" => "no", "no" => "yes", _ => assignment.Value },
        },
        _ => assignment,
    };
}

namespace Sasl.Hosting.Configuration;

// dovecot-oauth2.conf.ext
public static partial class DovecotDatabaseConf
{
    public static SettingTable OAuth2 { get; } = new(
    [
        Text("tokeninfo_url", "", "Tells whether a token is good; the token is put behind it.", "oauth2_tokeninfo_url"),
        Text("grant_url", "", "Gives a token for a password.", "oauth2_grant_url"),
        // The client's name and secret may stand in it.
        Text("introspection_url", "", "Tells what a token says (RFC 7662).", "oauth2_introspection_url").Secret(),
        Text("introspection_mode", "", "How it is asked: auth, get, post, or local: not at all, the token's signature is verified.", "oauth2_introspection_mode") with { Choices = ["", "auth", "get", "post", "local"] },
        YesNo("force_introspection", "no", "Ask also when tokeninfo has told everything.", "oauth2_force_introspection"),
        Text("local_validation_key_dict", "", "Where the keys are that sign tokens: fs:posix:prefix=/directory/."),
        List("scope", "", "What a token must be good for.", "oauth2_scope"),
        Text("username_attribute", "email", "The field that says whose token it is.", "oauth2_username_attribute"),
        Text("username_format", "%Lu", "How both names are changed before they are compared.", "oauth2_username_validation_format"),
        Text("active_attribute", "", "The field that says that an account is not locked.", "oauth2_active_attribute"),
        Text("active_value", "", "What it must say; empty: anything.", "oauth2_active_value"),
        List("issuers", "", "Who may have issued a token; empty: anybody whose key is there.", "oauth2_issuers"),
        List("audience", "", "Whom a token must be meant for (not a setting of Dovecot).", "oauth2_audience"),
        Text("jwks_url", "", "Where the keys are that sign tokens, as a JSON Web Key Set (not a setting of Dovecot).", "oauth2_jwks_url"),
        Text("jwks_file", "", "The same as a file.", "oauth2_jwks_file"),
        Text("openid_configuration_url", "", "What a client is told that was refused (RFC 7628).", "oauth2_openid_configuration_url"),
        Text("client_id", "", "Our name at the server.", "oauth2_client_id"),
        Text("client_secret", "", "Our password there.", "oauth2_client_secret").Secret(),
        Text("pass_attrs", "", "More fields: name=value name=value.", "oauth2_fields"),
        Number("timeout_msecs", "0", "The longest wait for an answer; 0: as long as a login may take.", "http_client_request_timeout"),
        Number("max_idle_time_msecs", "60000", "When an idle connection is closed.").Unsupported(),
        Number("max_parallel_connections", "10", "Connections at a time.", "http_client_max_parallel_connections").Unsupported(),
        Number("max_pipelined_requests", "1", "Requests in one connection at a time.").Unsupported(),
        YesNo("send_auth_headers", "no", "Tell the server who asks from where.", "oauth2_send_auth_headers").Unsupported(),
        YesNo("use_grant_password", "no", "Verify passwords at grant_url.", "oauth2_use_grant_password"),
        YesNo("use_worker_with_mech", "no", "Verify in a process of its own.", "oauth2_use_worker_with_mech").Unsupported(),
        new("token_expire_grace", SettingType.Time, "1 min", "How much longer a token is good than it says.") { Aliases = ["oauth2_token_expire_grace"], IsUnsupported = true },
        Text("tls_ca_cert_file", "", "Certificates of the authorities that are trusted.", "ssl_client_ca_file"),
        Text("tls_ca_cert_dir", "", "A directory of such files.", "ssl_client_ca_dir"),
        Text("tls_cert_file", "", "Our own certificate.", "ssl_client_cert_file"),
        Text("tls_key_file", "", "Its key.", "ssl_client_key_file"),
        Text("tls_cipher_suite", "", "Ciphers; the system's policy decides here.").Unsupported(),
        YesNo("tls_allow_invalid_cert", "no", "Do not verify the server's certificate: anybody on the way can read the tokens."),
        Text("rawlog_dir", "", "Where requests are written down; here nowhere, for they hold tokens.").Unsupported(),
        YesNo("debug", "no", "Log what is done."),
        YesNo("blocking", "no", "Ask it in a process of its own; here nothing that waits holds up another.").Unsupported(),
    ]);
}

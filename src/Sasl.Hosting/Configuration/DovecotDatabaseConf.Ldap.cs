namespace Sasl.Hosting.Configuration;

// dovecot-ldap.conf.ext
public static partial class DovecotDatabaseConf
{
    public static SettingTable Ldap { get; } = new(
    [
        List("hosts", "", "Servers, each with :port or not."),
        List("uris", "", "The same as URIs: ldap, ldaps, ldapi.", "ldap_uris"),
        Text("dn", "", "As whom entries are looked up. Empty: as nobody.", "ldap_auth_dn"),
        Text("dnpass", "", "The password of that identity.", "ldap_auth_dn_password").Secret(),
        YesNo("sasl_bind", "no", "Bind by SASL."),
        Text("sasl_mech", "", "The mechanism.", "ldap_auth_sasl_mechanisms", "ldap_auth_sasl_mechanism"),
        Text("sasl_realm", "", "The realm.", "ldap_auth_sasl_realm"),
        Text("sasl_authz_id", "", "As whom to act.", "ldap_auth_sasl_authz_id"),
        YesNo("tls", "no", "Begin TLS on ldap:// before anything else is sent.", "ldap_starttls"),
        Text("tls_ca_cert_file", "", "Certificates of the authorities that are trusted.", "ssl_client_ca_file"),
        Text("tls_ca_cert_dir", "", "A directory of such files.", "ssl_client_ca_dir"),
        Text("tls_cert_file", "", "Our own certificate.", "ssl_client_cert_file"),
        Text("tls_key_file", "", "Its key.", "ssl_client_key_file"),
        Text("tls_cipher_suite", "", "Ciphers; the system's policy decides here.").Unsupported(),
        Word("tls_require_cert", ["hard", "demand", "try", "allow", "never"], "Whether the server's certificate is verified."),
        Word("deref", ["never", "searching", "finding", "always"], "When aliases are followed.", "ldap_deref"),
        Word("scope", ["subtree", "onelevel", "base"], "How far beneath the base is searched.", "ldap_scope"),
        Text("base", "", "Where a search begins.", "ldap_base"),
        Text("ldap_version", "3", "The protocol's version. Version 2 is historic and not spoken.", "ldap_version") with { Choices = ["3"] },
        Number("debug_level", "0", "Other than 0: a line of log for each request.", "ldap_debug_level"),
        Text("ldaprc_path", "", "Settings of the OpenLDAP library, which is not used here.").Unsupported(),
        YesNo("auth_bind", "no", "Prove a password by binding with it.", "passdb_ldap_bind"),
        Text("auth_bind_userdn", "", "As whom, without a search.", "passdb_ldap_bind_userdn"),
        Text("pass_filter", "(&(objectClass=posixAccount)(uid=%u))", "Finds a user for a login.", "passdb_ldap_filter"),
        Text("pass_attrs", "uid=user,userPassword=password", "Which attribute is which field: attribute=field,…"),
        Text("user_filter", "(&(objectClass=posixAccount)(uid=%u))", "Finds a user for his mail.", "userdb_ldap_filter"),
        Text("user_attrs", "homeDirectory=home,uidNumber=uid,gidNumber=gid", "Which attribute is which field."),
        Text("iterate_filter", "(objectClass=posixAccount)", "Finds all users.", "userdb_ldap_iterate_filter"),
        Text("iterate_attrs", "uid=user", "Which attribute is a user's name."),
        Text("default_pass_scheme", "CRYPT", "The scheme of a stored password that names none.", "passdb_default_password_scheme"),
        YesNo("userdb_warning_disable", "no", "Do not warn of a passdb without a userdb.").Unsupported(),
        YesNo("blocking", "no", "Ask it in a process of its own; here nothing that waits holds up another.").Unsupported(),
        Text("ldap_connection_group", "", "Which blocks share connections; here each block has its own.", "ldap_connection_group").Unsupported(),
        new("ldap_max_idle_time", SettingType.Time, "0", "When an idle connection is closed.") { Aliases = ["ldap_max_idle_time"], IsUnsupported = true },
        YesNo("ldap_password_write", "no", "Put a stronger hash in the place of the old one (not a setting of Dovecot)."),
    ]);
}

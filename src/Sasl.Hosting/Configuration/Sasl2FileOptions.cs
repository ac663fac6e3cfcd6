namespace Sasl.Hosting.Configuration;

/// <summary>Every option of a sasl2/NAME.conf, declared once. What an option of Cyrus' is here stands in <see cref="Sasl2FilePlan"/>.</summary>
public static class Sasl2FileOptions
{
    public static SettingTable Table { get; } = new(
    [
        List("pwcheck_method", "auxprop", "Who verifies passwords, in this order: auxprop, saslauthd."),
        Text("saslauthd_path", "/var/run/saslauthd/mux", "The socket of saslauthd."),
        List("mech_list", "", "Mechanisms in order of preference; empty: all that the databases can serve."),
        Number("log_level", "1", "2 and more: why a login failed; 5 and more: what the auth server does. A password is never logged."),
        List("auxprop_plugin", "", "Databases with secrets, in this order: sasldb, sql, ldapdb. Empty: those that are configured."),
        Text("sasldb_path", "/etc/sasl2/secrets.db", "The secrets database."),
        Text("auto_transition", "no", "Store keys of SCRAM, and a stronger hash, after a good login with a password.") with { Choices = ["no", "noplain", "yes"] },
        Number("scram_iteration_counter", "4096", "Rounds of SCRAM's keys.") with { Minimum = 4096, Maximum = 1_000_000 },
        Number("reauth_timeout", "0", "For so many minutes DIGEST-MD5 clients may log in again in one round trip."),
        Text("keytab", "", "The keys of GSSAPI; empty: the system's."),
        Text("canon_user_plugin", "INTERNAL", "Changes names before they are looked up; only INTERNAL is possible here.") with { Choices = ["INTERNAL"] },
        Text("otp_mda", "md5", "The hash of new OTP sequences; mailctl chooses it here.") with { Choices = ["md5", "md4", "sha1"], IsUnsupported = true },

        Text("sql_engine", "mysql", "The kind of database: pgsql, sqlite3.") with { Choices = ["mysql", "pgsql", "sqlite", "sqlite3"] },
        List("sql_hostnames", "", "Servers, each with :port or not."),
        Text("sql_user", "", "As whom to connect."),
        Text("sql_passwd", "", "The password of that user.") with { IsSecret = true },
        Text("sql_database", "", "The database; the file of sqlite."),
        Text("sql_select", "", "Gives the value of property %p of user %u in realm %r."),
        Text("sql_statement", "", "An older name of sql_select."),
        Switch("sql_usessl", "no", "Connect by TLS only."),
        Ignored("sql_insert", "Stores a new value."),
        Ignored("sql_update", "Stores another value."),

        List("ldapdb_uri", "", "Servers as URIs."),
        Text("ldapdb_id", "", "As whom entries are looked up, by SASL."),
        Text("ldapdb_pw", "", "The password of that identity.") with { IsSecret = true },
        Text("ldapdb_mech", "", "The mechanism."),
        Text("ldapdb_starttls", "", "Begin TLS first. A server that will not is not used, with try either.") with { Choices = ["", "try", "demand"] },
        Text("ldapdb_base", "", "Where a user is searched for (not an option of Cyrus)."),
        Text("ldapdb_filter", "(uid=%n)", "Finds his entry (not an option of Cyrus)."),
        Ignored("ldapdb_rc", "Settings of the OpenLDAP library, which is not used here."),
        Ignored("ldapdb_canon_attr", "The attribute that names are changed to."),

        Ignored("authdaemond_path", "The socket of Courier's authdaemond."),
        Ignored("client_mech_list", "Mechanisms of clients."),
        Ignored("plugin_list", "Nothing, in Cyrus neither."),
        Ignored("sasldb_mapsize", "Size of an LMDB file."),
        Ignored("sasldb_maxreaders", "Readers of an LMDB file."),
        Ignored("srp_mda", "The hash of SRP, which is not here."),
        Ignored("scram_secret_generate", "Store keys of SCRAM when a password is set; mailctl always does."),
        Ignored("ad_compat", "How a GSSAPI client asks for a layer."),
        Ignored("service_principal", "Whose key accepts GSSAPI; here any of the keytab."),
        Ignored("ccache_store", "Where GSSAPI clients' credentials are kept."),
        Ignored("ntlm_server", "Whom to pass NTLM on to, which is not here."),
        Ignored("ntlm_v2", "The version of NTLM clients."),
        Ignored("srvtab", "The keys of KERBEROS_V4, which is not here."),
        Ignored("opiekeys", "The file of OPIE."),
    ]);

    /// <summary>Cyrus looks at the beginning only: 1, y…, t…, on are yes. What it takes for no by accident ("enabled") is a mistake here.</summary>
    public static string YesNo(string value) => value.ToLowerInvariant() switch
    {
        "1" or "on" or "y" or "yes" or "t" or "true" => "yes",
        "0" or "off" or "n" or "no" or "f" or "false" => "no",
        _ => value,
    };

    static Setting Text(string name, string @default, string help) => new(name, SettingType.Text, @default, help);

    static Setting List(string name, string @default, string help) => new(name, SettingType.List, @default, help);

    static Setting Number(string name, string @default, string help) => new(name, SettingType.Integer, @default, help);

    static Setting Switch(string name, string @default, string help) => new(name, SettingType.Boolean, @default, help);

    static Setting Ignored(string name, string help) => Text(name, "", help) with { IsUnsupported = true };
}

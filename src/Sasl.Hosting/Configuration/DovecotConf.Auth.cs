namespace Sasl.Hosting.Configuration;

// Who may log in, and how it is checked.
public static partial class DovecotConf
{
    public static readonly Setting AuthMechanisms = List("auth_mechanisms", "plain",
        "SASL mechanisms in order of preference.");

    public static readonly Setting DisablePlaintextAuth = YesNo("disable_plaintext_auth", "yes",
        "Refuse passwords on connections without TLS, unless the client's network is trusted.");

    public static readonly Setting AuthRealms = List("auth_realms", "",
        "The realms that DIGEST-MD5 offers, a name without one being of that which the client takes; empty: the host's name, or none where hashes for DIGEST-MD5 are stored.");

    public static readonly Setting AuthDefaultRealm = Text("auth_default_realm", "",
        "The realm of a user name without one.");

    public static readonly Setting AuthUsernameChars = Text("auth_username_chars", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890.-_@",
        "Characters allowed in a user name; empty allows all.");

    public static readonly Setting AuthUsernameTranslation = Text("auth_username_translation", "",
        "Characters of user names that are replaced: pairs from, to.");

    public static readonly Setting AuthUsernameFormat = Text("auth_username_format", "%Lu",
        "How the user name is changed before it is looked up.");

    public static readonly Setting AuthMasterUserSeparator = Text("auth_master_user_separator", "",
        "Separates \"user\" and \"master\" in a login as somebody else.");

    public static readonly Setting AuthAnonymousUsername = Text("auth_anonymous_username", "anonymous",
        "The user that ANONYMOUS makes of a client.");

    public static readonly Setting AuthFailureDelay = Time("auth_failure_delay", "2 secs",
        "The delay of a refusal.");

    public static readonly Setting AuthVerbose = YesNo("auth_verbose", "no",
        "Log why a login failed.");

    public static readonly Setting AuthVerbosePasswords = Text("auth_verbose_passwords", "no",
        "Log passwords of failed logins; only \"no\" is possible here.", s => s with { Choices = ["no"] });

    public static readonly Setting AuthDebug = YesNo("auth_debug", "no",
        "Log what the auth server does.");

    public static readonly Setting AuthDebugPasswords = YesNo("auth_debug_passwords", "no",
        "Log passwords; only \"no\" is possible here.", s => s with { Choices = ["no"] });

    public static readonly Setting AuthStateDir = Text("auth_state_dir", "/var/lib/saslauth",
        "What the auth server keeps for longer than it runs (not a setting of Dovecot). Empty: it keeps nothing.");

    public static readonly Setting AuthSslRequireClientCert = YesNo("auth_ssl_require_client_cert", "no",
        "Refuse every login whose client has not shown a certificate that its front end (Postfix, Exim, another Dovecot) has verified.");

    public static readonly Setting AuthSslUsernameFromCert = YesNo("auth_ssl_username_from_cert", "no",
        "The name in a verified client certificate is the user, whatever name the login says; EXTERNAL needs it.");

    public static readonly Setting AuthUseWinbind = YesNo("auth_use_winbind", "no",
        "NTLM by winbind.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthKrb5Keytab = Text("auth_krb5_keytab", "",
        "The keys of GSSAPI, readable for the auth server; empty: the system's.");

    public static readonly Setting AuthGssapiHostname = Text("auth_gssapi_hostname", "",
        "The host in the only principal whose key accepts GSSAPI clients (service@HOST); empty or \"$ALL\": any key of the keytab.");

    public static readonly Setting AuthCacheSize = Size("auth_cache_size", "0",
        "Memory for answers of databases that are remembered; 0: none are.");

    public static readonly Setting AuthCacheTtl = Time("auth_cache_ttl", "1 hour",
        "How long an answer about a user is remembered.");

    public static readonly Setting AuthCacheNegativeTtl = Time("auth_cache_negative_ttl", "1 hour",
        "How long it is remembered that there is no such user, or that a password is wrong.");

    public static readonly Setting AuthWorkerMaxCount = Number("auth_worker_max_count", "30",
        "Processes that check passwords.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthSocketPath = Text("auth_socket_path", "auth-userdb",
        "The socket for look-ups of users.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthStats = YesNo("auth_stats", "no",
        "Statistics of logins.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthProxySelf = Text("auth_proxy_self", "",
        "Our own address as a proxy.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthCacheVerifyPasswordWithWorker = YesNo("auth_cache_verify_password_with_worker", "no",
        "Hash in processes of their own; here hashing has threads of its own.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthWinbindHelperPath = Text("auth_winbind_helper_path", "/usr/bin/ntlm_auth",
        "Winbind's helper.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthInternalFailureDelay = Text("auth_internal_failure_delay", "2 secs",
        "The delay of an internal failure; here there is none.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthMasterSocketPath = Text("auth_master_socket_path", "auth-master",
        "The socket for questions of the other processes.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthAllowWeakSchemes = YesNo("auth_allow_weak_schemes", "no",
        "Accept passwords that are stored by a weak scheme: DES, MD5 and MD4 in all their forms.");

    public static readonly Setting AuthScramIterations = Number("auth_scram_iterations", "4096",
        "Rounds of the SCRAM keys that are made here, and of those that are derived from cleartext passwords (not a setting of Dovecot).", s => s with { Minimum = 4096, Maximum = 1_000_000 });

    public static readonly Setting AuthUpgradePasswords = YesNo("auth_upgrade_passwords", "no",
        "Store a stronger hash and SCRAM keys after a good login with a password (not a setting of Dovecot).");

    public static readonly Setting AuthDigestReauthTime = Time("auth_digest_reauth_time", "0",
        "For so long DIGEST-MD5 clients may log in again in one round trip (not a setting of Dovecot).");
}

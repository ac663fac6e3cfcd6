using System.Globalization;

namespace Sasl.Hosting.Configuration;

// The directory server of the ldap mechanism: Cyrus' keys. Who finds which entry in it is in SaslauthdConf.LdapSearch.cs.
public static partial class SaslauthdConf
{
    public static readonly Setting LdapServers = List("ldap_servers", "ldap://localhost/",
        "URLs of the servers: ldap, ldaps, ldapi. The next one is asked when one cannot be reached.", s => s with { Check = UrlComplaint });

    public static readonly Setting LdapVersion = Text("ldap_version", "3",
        "The protocol's version. Version 2 is historic and not spoken.", s => s with { Choices = ["3"] });

    public static readonly Setting LdapBindDn = Text("ldap_bind_dn", "",
        "As whom entries are looked up. Empty: as nobody.");

    public static readonly Setting LdapBindPw = Text("ldap_bind_pw", "",
        "The password of that identity.", s => s with { IsSecret = true, Aliases = ["ldap_password"] });

    public static readonly Setting LdapTimeout = Time("ldap_timeout", "5s",
        "How long to wait for a connection, and for one answer.", s => s with { Minimum = 1, Maximum = 300 });

    public static readonly Setting LdapRestart = YesNo("ldap_restart", "yes",
        "Ask once more when the connection breaks on the way.");

    public static readonly Setting LdapReferrals = YesNo("ldap_referrals", "no",
        "Follow a server's referral to another one. Only no: the password would go to a server that the administrator has not named.",
        s => s with { Check = v => v == "yes" ? "following referrals is not implemented: name every server in ldap_servers" : null });

    public static readonly Setting LdapUseSasl = YesNo("ldap_use_sasl", "no",
        "Bind by SASL. Turns ldap_auth_method bind into fastbind.");

    public static readonly Setting LdapId = Text("ldap_id", "",
        "SASL: the authentication identity of the lookup bind.", s => s with { Aliases = ["ldap_sasl_authc_id"] });

    public static readonly Setting LdapAuthzId = Text("ldap_authz_id", "",
        "SASL: as whom to act: \"u:name\" or \"dn:…\".", s => s with { Aliases = ["ldap_sasl_authz_id"] });

    public static readonly Setting LdapRealm = Text("ldap_realm", "",
        "SASL: the realm, for DIGEST-MD5.", s => s with { Aliases = ["ldap_sasl_realm"] });

    public static readonly Setting LdapMech = Text("ldap_mech", "",
        "SASL: the mechanism. Empty: the strongest that the server offers and the identity can use.",
        s => s with
        {
            Aliases = ["ldap_sasl_mech"],
            Choices = ["", "SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "GSSAPI", "GSS-SPNEGO", "EXTERNAL", "DIGEST-MD5", "CRAM-MD5", "PLAIN", "LOGIN"],
        });

    public static readonly Setting LdapSaslSecprops = List("ldap_sasl_secprops", "noanonymous",
        "SASL: what a mechanism must have: none, noplain, noactive, nodict, noanonymous, forwardsec, minssf=N, maxssf=N.",
        s => s with { Check = SecpropsComplaint });

    public static readonly Setting LdapStartTls = YesNo("ldap_start_tls", "no",
        "Begin TLS on ldap:// before anything else is sent. A server that will not is not used.");

    public static readonly Setting LdapTlsCheckPeer = YesNo("ldap_tls_check_peer", "yes",
        "Verify the server's certificate and that it is for this host. no: anybody on the way can read the passwords.");

    public static readonly Setting LdapTlsCacertFile = Text("ldap_tls_cacert_file", "",
        "Certificates of the authorities that are trusted, in PEM. Neither this nor the directory: the system's.");

    public static readonly Setting LdapTlsCacertDir = Text("ldap_tls_cacert_dir", "",
        "A directory of such files.");

    public static readonly Setting LdapTlsCiphers = Text("ldap_tls_ciphers", "",
        "OpenSSL's list of ciphers; the system's policy (openssl.cnf) decides here.", s => s with { IsUnsupported = true });

    public static readonly Setting LdapTlsCert = Text("ldap_tls_cert", "",
        "Our own certificate and its chain, in PEM.");

    public static readonly Setting LdapTlsKey = Text("ldap_tls_key", "",
        "Its key, in PEM. Empty: in the certificate's file.");

    public static readonly Setting LdapDebug = Number("ldap_debug", "0",
        "Other than 0: a line of log for each request to a server, with its result.", s => s with { Maximum = int.MaxValue });

    static string? UrlComplaint(string value)
    {
        var urls = SettingValue.SplitList(value);
        foreach (var url in urls)
        {
            if (LdapUrl.Parse(url, out var problem) is null)
                return problem;
        }
        return urls.Count == 0 ? "names no server" : null;
    }

    static string? SecpropsComplaint(string value) => SettingValue.SplitList(value)
        .Where(word => word is not ("none" or "noplain" or "noactive" or "nodict" or "noanonymous" or "forwardsec") && !IsSsf(word))
        .Select(word => $"unknown word {word} (none, noplain, noactive, nodict, noanonymous, forwardsec, minssf=N, maxssf=N)").FirstOrDefault();

    static bool IsSsf(string word) => (word.StartsWith("minssf=", StringComparison.Ordinal) || word.StartsWith("maxssf=", StringComparison.Ordinal))
        && int.TryParse(word.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out _);
}

namespace Sasl.Hosting.Configuration;

// TLS in the SMTP server and client.
public static partial class MainCf
{
    public static readonly Setting SmtpdTlsSecurityLevel = Text("smtpd_tls_security_level", "",
        "TLS in the server: none, may, encrypt.", s => s with { Choices = ["", "none", "may", "encrypt"] });

    public static readonly Setting SmtpdUseTls = YesNo("smtpd_use_tls", "no",
        "An old form of smtpd_tls_security_level = may.");

    public static readonly Setting SmtpdEnforceTls = YesNo("smtpd_enforce_tls", "no",
        "An old form of smtpd_tls_security_level = encrypt.");

    public static readonly Setting SmtpdTlsAuthOnly = YesNo("smtpd_tls_auth_only", "no",
        "No AUTH without TLS.");

    public static readonly Setting SmtpdTlsWrappermode = YesNo("smtpd_tls_wrappermode", "no",
        "TLS from the first byte (port 465).");

    public static readonly Setting SmtpdTlsCertFile = Text("smtpd_tls_cert_file", "",
        "The certificate and its chain in PEM.");

    public static readonly Setting SmtpdTlsKeyFile = Text("smtpd_tls_key_file", "$smtpd_tls_cert_file",
        "The key in PEM.");

    public static readonly Setting SmtpdTlsChainFiles = List("smtpd_tls_chain_files", "",
        "Keys and certificates in PEM, instead of the two above.");

    public static readonly Setting SmtpdTlsCAfile = Text("smtpd_tls_CAfile", "",
        "Authorities that client certificates are checked against.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdTlsCApath = Text("smtpd_tls_CApath", "",
        "A directory of such authorities.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdTlsAskCcert = YesNo("smtpd_tls_ask_ccert", "no",
        "Ask the client for a certificate.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdTlsReqCcert = YesNo("smtpd_tls_req_ccert", "no",
        "Demand a certificate of the client.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdTlsLoglevel = Number("smtpd_tls_loglevel", "0",
        "How much is logged of TLS, 0 to 4.", s => s with { Maximum = 4 });

    public static readonly Setting SmtpdTlsReceivedHeader = YesNo("smtpd_tls_received_header", "no",
        "Describe TLS in the Received header.");

    public static readonly Setting SmtpdTlsProtocols = Text("smtpd_tls_protocols", ">=TLSv1",
        "TLS versions with opportunistic TLS.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdTlsMandatoryProtocols = Text("smtpd_tls_mandatory_protocols", ">=TLSv1",
        "TLS versions with mandatory TLS.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdTlsCiphers = Text("smtpd_tls_ciphers", "medium",
        "The grade of ciphers.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdTlsMandatoryCiphers = Text("smtpd_tls_mandatory_ciphers", "medium",
        "The grade of ciphers with mandatory TLS.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdTlsExcludeCiphers = List("smtpd_tls_exclude_ciphers", "",
        "Ciphers not to use.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdTlsDh1024ParamFile = Text("smtpd_tls_dh1024_param_file", "",
        "Diffie-Hellman parameters; not needed any more.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpdTlsSessionCacheDatabase = Text("smtpd_tls_session_cache_database", "",
        "A table of TLS sessions; tickets do without.", s => s with { IsUnsupported = true });

    public static readonly Setting TlsServerSniMaps = List("tls_server_sni_maps", "",
        "Certificates by server name.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpTlsSecurityLevel = Text("smtp_tls_security_level", "${{$compatibility_level} <level {3.11} ? {} : {may}}",
        "TLS in the client: none, may, encrypt, verify, secure.", s => s with { Choices = ["", "none", "may", "encrypt", "dane", "dane-only", "fingerprint", "verify", "secure"] });

    public static readonly Setting SmtpUseTls = YesNo("smtp_use_tls", "no",
        "An old form of smtp_tls_security_level = may.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpEnforceTls = YesNo("smtp_enforce_tls", "no",
        "An old form of smtp_tls_security_level = encrypt.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpTlsWrappermode = YesNo("smtp_tls_wrappermode", "no",
        "TLS from the first byte in the client.");

    public static readonly Setting SmtpTlsPolicyMaps = List("smtp_tls_policy_maps", "",
        "TLS levels by destination.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpTlsCAfile = Text("smtp_tls_CAfile", "",
        "Authorities that servers are checked against.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpTlsCApath = Text("smtp_tls_CApath", "",
        "A directory of such authorities.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpTlsCertFile = Text("smtp_tls_cert_file", "",
        "The client's certificate.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpTlsKeyFile = Text("smtp_tls_key_file", "$smtp_tls_cert_file",
        "The client's key.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpTlsLoglevel = Number("smtp_tls_loglevel", "0",
        "How much is logged of TLS in the client.", s => s with { Maximum = 4, IsUnsupported = true });

    public static readonly Setting SmtpTlsProtocols = Text("smtp_tls_protocols", ">=TLSv1",
        "TLS versions of the client.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpTlsMandatoryProtocols = Text("smtp_tls_mandatory_protocols", ">=TLSv1",
        "TLS versions of the client with mandatory TLS.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpTlsSessionCacheDatabase = Text("smtp_tls_session_cache_database", "",
        "A table of the client's TLS sessions.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpTlsNoteStarttlsOffer = YesNo("smtp_tls_note_starttls_offer", "no",
        "Log servers that offer STARTTLS when it is not used.", s => s with { IsUnsupported = true });
}

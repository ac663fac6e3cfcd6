namespace Sasl.Hosting.Configuration;

// SASL in the SMTP server and client.
public static partial class MainCf
{
    public static readonly Setting SmtpdSaslAuthEnable = YesNo("smtpd_sasl_auth_enable", "no",
        "Offer AUTH.");

    public static readonly Setting SmtpdSaslType = Text("smtpd_sasl_type", "cyrus",
        "Where logins are checked: dovecot (an auth socket) or cyrus (sasl2/*.conf).", s => s with { Choices = ["cyrus", "dovecot"] });

    public static readonly Setting SmtpdSaslPath = Text("smtpd_sasl_path", "smtpd",
        "The auth socket (dovecot) or the name of the file in sasl2 (cyrus).");

    public static readonly Setting SmtpdSaslApplicationName = Text("smtpd_sasl_application_name", "smtpd",
        "An old name of smtpd_sasl_path for cyrus.");

    public static readonly Setting SmtpdSaslLocalDomain = Text("smtpd_sasl_local_domain", "",
        "The realm of logins without one.");

    public static readonly Setting SmtpdSaslSecurityOptions = List("smtpd_sasl_security_options", "noanonymous",
        "Mechanisms not to offer: noplaintext noactive nodictionary noanonymous mutual_auth forward_secrecy.");

    public static readonly Setting SmtpdSaslTlsSecurityOptions = List("smtpd_sasl_tls_security_options", "$smtpd_sasl_security_options",
        "The same within TLS.");

    public static readonly Setting SmtpdSaslMechanismFilter = List("smtpd_sasl_mechanism_filter", "!external, static:rest",
        "Mechanisms that are offered.");

    public static readonly Setting SmtpdSaslExceptionsNetworks = List("smtpd_sasl_exceptions_networks", "",
        "Clients to which AUTH is not announced.");

    public static readonly Setting SmtpdSaslAuthenticatedHeader = YesNo("smtpd_sasl_authenticated_header", "no",
        "Name the login in the Received header.");

    public static readonly Setting SmtpdSaslService = Text("smtpd_sasl_service", "smtp",
        "The service name that the auth server is told.");

    public static readonly Setting SmtpdSaslResponseLimit = Number("smtpd_sasl_response_limit", "12288",
        "Bytes of one response of the client.", s => s with { Minimum = 12288 });

    public static readonly Setting BrokenSaslAuthClients = YesNo("broken_sasl_auth_clients", "no",
        "Announce AUTH a second time as AUTH=, for old clients.");

    public static readonly Setting CyrusSaslConfigPath = Text("cyrus_sasl_config_path", "",
        "Directories of sasl2 files.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpSaslAuthEnable = YesNo("smtp_sasl_auth_enable", "no",
        "Log in to other servers.");

    public static readonly Setting SmtpSaslPasswordMaps = List("smtp_sasl_password_maps", "",
        "Logins and passwords by destination: user:password.");

    public static readonly Setting SmtpSaslType = Text("smtp_sasl_type", "cyrus",
        "The SASL client.", s => s with { Choices = ["cyrus", "dovecot"], IsUnsupported = true });

    public static readonly Setting SmtpSaslPath = Text("smtp_sasl_path", "",
        "A file or socket of the SASL client.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpSaslSecurityOptions = List("smtp_sasl_security_options", "noplaintext, noanonymous",
        "Mechanisms that the client does not use.");

    public static readonly Setting SmtpSaslTlsSecurityOptions = List("smtp_sasl_tls_security_options", "$smtp_sasl_security_options",
        "The same within TLS.");

    public static readonly Setting SmtpSaslTlsVerifiedSecurityOptions = List("smtp_sasl_tls_verified_security_options", "$smtp_sasl_tls_security_options",
        "The same within TLS to a server whose certificate was verified.");

    public static readonly Setting SmtpSaslMechanismFilter = List("smtp_sasl_mechanism_filter", "",
        "Mechanisms that the client may use.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpSenderDependentAuthentication = YesNo("smtp_sender_dependent_authentication", "no",
        "Look for a login by sender first.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpSaslAuthSoftBounce = YesNo("smtp_sasl_auth_soft_bounce", "yes",
        "A permanent refusal of the login defers the mail.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpSaslAuthCacheName = Text("smtp_sasl_auth_cache_name", "",
        "A table of refused logins.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpSaslAuthCacheTime = Time("smtp_sasl_auth_cache_time", "90d",
        "How long a refused login is remembered.", s => s with { IsUnsupported = true });

    public static readonly Setting SmtpSendDummyMailAuth = YesNo("smtp_send_dummy_mail_auth", "no",
        "Send AUTH=<> with MAIL.", s => s with { IsUnsupported = true });

    public static readonly Setting SendCyrusSaslAuthzid = YesNo("send_cyrus_sasl_authzid", "no",
        "Send an authorization identity.", s => s with { IsUnsupported = true });
}

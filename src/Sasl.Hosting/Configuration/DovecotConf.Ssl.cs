namespace Sasl.Hosting.Configuration;

// TLS.
public static partial class DovecotConf
{
    public static readonly Setting Ssl = Text("ssl", "yes",
        "TLS: no, yes, required.", s => s with { Choices = ["no", "yes", "required"] });

    public static readonly Setting SslCert = Text("ssl_cert", "",
        "The certificate and its chain: <file in PEM.");

    public static readonly Setting SslKey = Text("ssl_key", "",
        "The key: <file in PEM.");

    public static readonly Setting SslKeyPassword = Text("ssl_key_password", "",
        "The password of the key.", s => s with { IsUnsupported = true });

    public static readonly Setting SslAltCert = Text("ssl_alt_cert", "",
        "A second certificate.", s => s with { IsUnsupported = true });

    public static readonly Setting SslAltKey = Text("ssl_alt_key", "",
        "The key of the second certificate.", s => s with { IsUnsupported = true });

    public static readonly Setting SslCa = Text("ssl_ca", "",
        "Authorities of client certificates.", s => s with { IsUnsupported = true });

    public static readonly Setting SslDh = Text("ssl_dh", "",
        "Diffie-Hellman parameters; not needed any more.", s => s with { IsUnsupported = true });

    public static readonly Setting SslMinProtocol = Text("ssl_min_protocol", "TLSv1.2",
        "The least TLS version.", s => s with { Choices = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "ANY", "LATEST"], IsUnsupported = true });

    public static readonly Setting SslCipherList = Text("ssl_cipher_list", "ALL:!kRSA:!SRP:!kDHd:!DSS:!aNULL:!eNULL:!EXPORT:!DES:!3DES:!MD5:!PSK:!RC4:!ADH:!LOW@STRENGTH",
        "Ciphers of TLS 1.2.", s => s with { IsUnsupported = true });

    public static readonly Setting SslCipherSuites = Text("ssl_cipher_suites", "",
        "Ciphers of TLS 1.3.", s => s with { IsUnsupported = true });

    public static readonly Setting SslCurveList = Text("ssl_curve_list", "",
        "Elliptic curves.", s => s with { IsUnsupported = true });

    public static readonly Setting SslPreferServerCiphers = YesNo("ssl_prefer_server_ciphers", "no",
        "The server's order of ciphers decides.", s => s with { IsUnsupported = true });

    public static readonly Setting SslRequireCrl = YesNo("ssl_require_crl", "yes",
        "Demand a revocation list.", s => s with { IsUnsupported = true });

    public static readonly Setting SslVerifyClientCert = YesNo("ssl_verify_client_cert", "no",
        "Ask the client for a certificate.", s => s with { IsUnsupported = true });

    public static readonly Setting SslOptions = List("ssl_options", "",
        "Options of the TLS library.", s => s with { IsUnsupported = true });

    public static readonly Setting SslClientCaDir = Text("ssl_client_ca_dir", "",
        "A directory with the authorities of servers that databases ask.");

    public static readonly Setting SslClientCaFile = Text("ssl_client_ca_file", "",
        "The same in one file.");

    public static readonly Setting VerboseSsl = YesNo("verbose_ssl", "no",
        "Log TLS in detail.", s => s with { IsUnsupported = true });
}

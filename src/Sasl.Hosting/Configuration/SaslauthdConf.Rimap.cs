namespace Sasl.Hosting.Configuration;

// -a rimap. The server is named by -O; Cyrus has no settings for it.
public static partial class SaslauthdConf
{
    public static readonly Setting RimapTls = Text("rimap_tls", "no",
        "TLS with the IMAP server: no, starttls, or yes from the first byte (the port is 993 then, unless -O names one).", s => s with { Choices = ["no", "starttls", "yes"] });

    public static readonly Setting RimapCaFile = Text("rimap_ca_file", "",
        "PEM file of the only authorities that are trusted; empty: the system's.");

    public static readonly Setting RimapVerify = YesNo("rimap_verify", "yes",
        "Whether the server's certificate must be good and of the name after -O.");

    public static readonly Setting RimapMinProtocol = Text("rimap_min_protocol", "TLSv1.2",
        "The oldest TLS that is taken.", s => s with { Choices = ["TLSv1.2", "TLSv1.3"] });

    public static readonly Setting RimapTimeout = Time("rimap_timeout", "25s",
        "How long one login may take, from the connection to the server's word.", s => s with { Minimum = 1, Maximum = 3600 });
}

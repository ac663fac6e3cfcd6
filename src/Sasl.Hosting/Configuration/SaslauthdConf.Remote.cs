namespace Sasl.Hosting.Configuration;

// -a imap and -a smtp, whose server is the URL after -O. Cyrus has neither.
public static partial class SaslauthdConf
{
    public static readonly Setting RemoteCaFile = Text("remote_ca_file", "",
        "PEM file of the only authorities that are trusted; empty: the system's.");

    public static readonly Setting RemoteVerify = YesNo("remote_verify", "yes",
        "Whether the server's certificate must be good and of the name in the URL.");

    public static readonly Setting RemoteMinProtocol = Text("remote_min_protocol", "TLSv1.2",
        "The oldest TLS that is taken.", s => s with { Choices = ["TLSv1.2", "TLSv1.3"] });

    public static readonly Setting RemotePlaintext = YesNo("remote_plaintext", "no",
        "Whether passwords may go to another machine without TLS.");

    public static readonly Setting RemoteTimeout = Time("remote_timeout", "25s",
        "How long one login may take, from the connection to the server's word.", s => s with { Minimum = 1, Maximum = 3600 });
}

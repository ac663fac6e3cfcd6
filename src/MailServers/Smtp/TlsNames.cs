using System.Net.Security;
using System.Security.Authentication;

namespace MailServers.Smtp;

/// <summary>Protocol versions and ciphers as mail logs and Received fields spell them.</summary>
static class TlsNames
{
    public static string Protocol(SslStream tls) => tls.SslProtocol switch
    {
        SslProtocols.Tls13 => "TLSv1.3",
        SslProtocols.Tls12 => "TLSv1.2",
        var other => other.ToString(),
    };

    /// <summary>"TLS_AES_256_GCM_SHA384 (256/256 bits)": the key's length is in the suite's name, but for ChaCha20 (RFC 7905), which has one only.</summary>
    public static string Cipher(SslStream tls)
    {
        var suite = tls.NegotiatedCipherSuite.ToString();
        var bits = suite.Contains("_128_", StringComparison.Ordinal) ? 128 : 256;
        return $"{suite} ({bits}/{bits} bits)";
    }
}

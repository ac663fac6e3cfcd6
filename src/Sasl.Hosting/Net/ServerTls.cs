using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Sasl.Hosting.Net;

/// <summary>The server's TLS: certificate chain and key from PEM text, TLS 1.2 and up, sessions resumable.</summary>
public static class ServerTls
{
    /// <summary>
    /// Reads a certificate, its chain and its key from PEM texts (they may be one and the same text).
    /// Throws CryptographicException or ArgumentException with a message for the administrator when they do not fit.
    /// </summary>
    public static SslServerAuthenticationOptions FromPem(string certificatePem, string keyPem)
    {
        var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificatePem);
        var extra = new X509Certificate2Collection(chain.Where(c => c.Thumbprint != certificate.Thumbprint).ToArray());
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, extra, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = false,
        };
    }
}

using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Sasl.Hosting.Unix;
using Sasl.Mechanisms;

namespace MailServers.Tls;

/// <summary>The channel bindings of a client's TLS, for the auth server: from our end of the connection, never from what the client says.</summary>
static class TlsBindings
{
    /// <summary>Answers the auth server's question for one type; null without TLS.</summary>
    public static Func<string, ValueTask<byte[]?>>? Of(SslStream? tls)
    {
        if (tls is null)
            return null;
        // Computed when the first mechanism asks: few logins are bound.
        ChannelBindings? bindings = null;
        return type => (bindings ??= ChannelBindings.Of(tls, tls.LocalCertificate as X509Certificate2, TlsExporter.Export(tls))).FindAsync(type, CancellationToken.None);
    }
}

using System.Net.Security;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sasl.Mechanisms;

/// <summary>Channel bindings that are known beforehand, and how to compute them from what .NET tells of a TLS connection.</summary>
/// <param name="bindings">Type and data, the preferred first.</param>
public sealed class ChannelBindings(params (string Type, byte[] Data)[] bindings) : IChannelBindings
{
    /// <summary>RFC 9266: 32 bytes of keying material under <see cref="ExporterLabel"/> with an empty context; on TLS 1.3, or 1.2 with the extended master secret.</summary>
    public const string Exporter = "tls-exporter";

    /// <summary>RFC 5929 §4: the hash of the server's certificate.</summary>
    public const string EndPoint = "tls-server-end-point";

    /// <summary>RFC 5929 §3: the first Finished message; on TLS 1.2 and before only.</summary>
    public const string Unique = "tls-unique";

    /// <summary>The label for the TLS library's exporter (RFC 9266 §2). .NET 10 has no exporter of its own: the host asks OpenSSL.</summary>
    public const string ExporterLabel = "EXPORTER-Channel-Binding";

    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } = [.. bindings.Select(b => b.Type)];

    /// <inheritdoc/>
    public ValueTask<byte[]?> FindAsync(string type, CancellationToken stop) => new(Array.Find(bindings, b => b.Type == type).Data);

    /// <summary>
    /// What a TLS connection of .NET can give after its handshake: the end point's and, on TLS 1.2, the unique one.
    /// </summary>
    /// <param name="tls">Authenticated.</param>
    /// <param name="server">The server's certificate: one's own on a server (.NET does not tell it there), null on a client.</param>
    /// <param name="exporter">Keying material that the host got from its TLS library, 32 bytes, or null.</param>
    public static ChannelBindings Of(SslStream tls, X509Certificate2? server = null, byte[]? exporter = null)
    {
        var found = new List<(string, byte[])>();
        if (exporter is not null)
            found.Add((Exporter, exporter));
        // RFC 9266 §3: there is no tls-unique on TLS 1.3, though .NET returns bytes for it.
#pragma warning disable SYSLIB0039, CA5397, CA5398 // asked about, not asked for
        if (tls.SslProtocol is SslProtocols.Tls12 or SslProtocols.Tls11 or SslProtocols.Tls && FromTransport(tls) is { } unique)
#pragma warning restore SYSLIB0039, CA5397, CA5398
            found.Add((Unique, unique));
        if ((server ?? tls.RemoteCertificate) is { } certificate)
            found.Add((EndPoint, HashOfCertificate(certificate)));
        return new([.. found]);
    }

    /// <summary>
    /// tls-server-end-point (RFC 5929 §4.1): the certificate's hash under the hash of its own signature, SHA-256 in place of MD5 and SHA-1
    /// and where the signature names no single hash.
    /// </summary>
    public static byte[] HashOfCertificate(X509Certificate certificate)
    {
        var encoded = certificate.GetRawCertData();
        return SignatureAlgorithm(certificate) switch
        {
            "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => SHA384.HashData(encoded),
            "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => SHA512.HashData(encoded),
            _ => SHA256.HashData(encoded),
        };
    }

    static string? SignatureAlgorithm(X509Certificate certificate)
    {
        if (certificate is X509Certificate2 known)
            return known.SignatureAlgorithm.Value;
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return copy.SignatureAlgorithm.Value;
    }

    static byte[]? FromTransport(SslStream tls)
    {
        using var binding = tls.TransportContext.GetChannelBinding(ChannelBindingKind.Unique);
        if (binding is null)
            return null;
        // .NET puts a header of 32 bytes and the type's name with a colon before the data.
        var whole = new byte[binding.Size];
        System.Runtime.InteropServices.Marshal.Copy(binding.DangerousGetHandle(), whole, 0, whole.Length);
        const int header = 32;
        return whole[(header + Unique.Length + 1)..];
    }
}

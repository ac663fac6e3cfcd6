using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Remote;

/// <summary>What a server's certificate must be for TLS to begin.</summary>
static class TlsTrust
{
    /// <summary>IOException or FormatException when the file of authorities is of no use.</summary>
    public static SslClientAuthenticationOptions Options(MechanismContext context, string host, Setting caFile, Setting verify, Setting minProtocol)
    {
        var path = context.Settings.Text(caFile);
        var pem = path.Length == 0 ? null : context.Files.TryGetValue(path, out var contents) ? System.Text.Encoding.UTF8.GetString(contents.Span) : File.ReadAllText(path);
        var isStrict = context.Settings.Text(minProtocol).Equals("TLSv1.3", StringComparison.OrdinalIgnoreCase);
        return Options(host, pem is null ? null : Authorities(path, pem), context.Settings.Boolean(verify), isStrict ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13);
    }

    public static SslClientAuthenticationOptions Options(string host, X509Certificate2Collection? authorities, bool verify, SslProtocols protocols)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host, EnabledSslProtocols = protocols, CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
        if (authorities is not null)
        {
            options.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
#pragma warning disable CA5359 // The administrator's word: *_verify = no.
        if (!verify)
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return options;
    }

    static X509Certificate2Collection Authorities(string path, string pem)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException damaged)
        {
            throw new FormatException($"{path}: {damaged.Message}", damaged);
        }
        return authorities.Count > 0 ? authorities : throw new FormatException($"{path}: no certificate in it");
    }
}

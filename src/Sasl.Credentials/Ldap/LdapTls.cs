using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sasl.Credentials.Ldap;

/// <summary>How connections are encrypted: whose certificates are trusted, and our own. Files are read once.</summary>
sealed class LdapTls
{
    readonly bool _verifies;
    readonly X509Certificate2Collection? _trusted;
    readonly SslStreamCertificateContext? _own;

    /// <param name="trusted">PEM texts of authorities; null: the system's.</param>
    /// <param name="own">Our certificate with its chain, in PEM, or null.</param>
    /// <param name="key">Its key.</param>
    /// <exception cref="FormatException">What is there is no certificate or key, or they do not belong together.</exception>
    public LdapTls(bool verifies, IReadOnlyList<string>? trusted, string? own, string? key)
    {
        _verifies = verifies;
        try
        {
            if (trusted is not null)
            {
                _trusted = [];
                foreach (var text in trusted)
                    _trusted.ImportFromPem(text);
                if (_trusted.Count == 0)
                    throw new FormatException("no certificate of an authority in the files that are named for it");
            }
            if (own is not null)
                _own = Own(own, key ?? own);
        }
        catch (Exception bad) when (bad is CryptographicException or ArgumentException)
        {
            throw new FormatException($"a certificate or key for TLS cannot be used: {bad.Message}", bad);
        }
    }

    /// <summary>The subject of our own certificate; null when we have none.</summary>
    public string? Subject => _own?.TargetCertificate.Subject;

    /// <exception cref="LdapException">No TLS, or not with the server that is meant.</exception>
    public async Task<SslStream> AuthenticateAsync(Stream inner, string host, CancellationToken stop)
    {
        var tls = new SslStream(inner);
        try
        {
            await tls.AuthenticateAsClientAsync(Options(host), stop);
            return tls;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            await tls.DisposeAsync();
            throw new LdapException($"TLS with {host} failed: {failure.InnerException?.Message ?? failure.Message}", failure) { IsBroken = false };
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    static SslStreamCertificateContext Own(string own, string key)
    {
        var certificate = X509Certificate2.CreateFromPem(own, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(own);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    /// <param name="host">Whose certificate it has to be.</param>
    public SslClientAuthenticationOptions Options(string host)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host, ClientCertificateContext = _own, CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
        if (!_verifies)
        {
#pragma warning disable CA5359 // ldap_tls_check_peer: no. The administrator has said so.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (_trusted is not null)
        {
            // The name is compared by SslStream (RFC 4513 §3.1.3).
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(_trusted);
        }
        return options;
    }
}

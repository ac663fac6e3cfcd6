using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Testing;

/// <summary>An authority of the test's own, what it has signed, and one that nobody trusts.</summary>
public static class TestCertificates
{
    static readonly X509Certificate2 _authority = MakeAuthority("CN=test authority"), _stranger = MakeAuthority("CN=somebody else");

    public static string Authority { get; } = _authority.ExportCertificatePem();

    public static string Stranger { get; } = _stranger.ExportCertificatePem();

    /// <summary>Certificate and key for "localhost" and 127.0.0.1.</summary>
    public static (string Certificate, string Key) Server { get; } = Make("CN=localhost", "localhost");

    /// <summary>A certificate of the same authority for another host.</summary>
    public static (string Certificate, string Key) Elsewhere { get; } = Make("CN=ldap.example.org", "ldap.example.org");

    static X509Certificate2 MakeAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(7));
    }

    static (string, string) Make(string subject, string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost")
            names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(_authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(6), RandomNumberGenerator.GetBytes(8));
        return (signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}

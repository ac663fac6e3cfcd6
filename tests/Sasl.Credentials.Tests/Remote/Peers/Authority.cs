using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sasl.Credentials.Tests.Remote.Peers;

/// <summary>A certificate authority of the test's own and what it signed: a server "localhost", 127.0.0.1.</summary>
sealed class Authority
{
    public static Authority Ours { get; } = new("test authority");

    /// <summary>Somebody else's.</summary>
    public static Authority Other { get; } = new("another authority");

    Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(7));
        Pem = own.ExportCertificatePem() + "\n";
        Server = Sign(own);
    }

    public string Pem { get; }

    public X509Certificate2 Server { get; }

    /// <summary>Certificate and key, for programs under other accounts.</summary>
    public async Task WriteServerAsync(string path)
    {
        using var key = Server.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(path, $"{Server.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    static X509Certificate2 Sign(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(6), RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(key);
        // A key that SslStream can use as a server.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}

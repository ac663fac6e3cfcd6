using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sasl.Mechanisms.Tests;

public sealed class ChannelBindingsTests
{
    [Theory]
    [InlineData("SHA256", 32)]
    [InlineData("SHA384", 48)]
    [InlineData("SHA512", 64)]
    public void The_end_points_hash_is_that_of_its_signature(string hash, int size)
    {
        foreach (var certificate in new[] { Rsa(new(hash)), Ecdsa(new(hash)) })
        {
            using (certificate)
            {
                var binding = ChannelBindings.HashOfCertificate(certificate);
                Assert.Equal(size, binding.Length);
                var raw = certificate.RawData;
                Assert.Equal(size switch { 32 => SHA256.HashData(raw), 48 => SHA384.HashData(raw), _ => SHA512.HashData(raw) }, binding);
            }
        }
    }

    // RFC 5929 §4.1: SHA-256 in the place of SHA-1, which .NET no longer signs with.
    [Fact]
    public void A_certificate_signed_with_sha1_is_hashed_with_sha256()
    {
        using var folder = new Testing.TemporaryDirectory();
        var (key, file) = (Path.Combine(folder.Path, "key.pem"), Path.Combine(folder.Path, "cert.pem"));
        using (var openssl = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("openssl",
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha1", "-subj", "/CN=localhost", "-keyout", key, "-out", file]) { RedirectStandardError = true })!)
        {
            openssl.StandardError.ReadToEnd();
            openssl.WaitForExit();
            Assert.Equal(0, openssl.ExitCode);
        }
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        Assert.Equal("sha1RSA", certificate.SignatureAlgorithm.FriendlyName);
        Assert.Equal(SHA256.HashData(certificate.RawData), ChannelBindings.HashOfCertificate(certificate));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, new[] { ChannelBindings.Unique, ChannelBindings.EndPoint })]
    [InlineData(SslProtocols.Tls13, new[] { ChannelBindings.EndPoint })]
    public async Task Both_ends_of_a_connection_see_the_same(SslProtocols protocol, string[] types)
    {
        using var certificate = Rsa(HashAlgorithmName.SHA256);
        var (client, server) = await ConnectAsync(certificate, protocol);
        await using (client)
        await using (server)
        {
            var (ours, theirs) = (ChannelBindings.Of(client), ChannelBindings.Of(server, certificate));
            Assert.Equal(types, ours.Types);
            Assert.Equal(types, theirs.Types);
            foreach (var type in types)
            {
                var data = await ours.FindAsync(type, default);
                Assert.NotEmpty(data!);
                Assert.Equal(data, await theirs.FindAsync(type, default));
            }
            Assert.Null(await ours.FindAsync("tls-other", default));
        }
    }

    [Fact]
    public async Task Keying_material_of_the_hosts_is_preferred()
    {
        using var certificate = Rsa(HashAlgorithmName.SHA256);
        var (client, server) = await ConnectAsync(certificate, SslProtocols.Tls13);
        await using (client)
        await using (server)
            Assert.Equal([ChannelBindings.Exporter, ChannelBindings.EndPoint], ChannelBindings.Of(client, exporter: new byte[32]).Types);
    }

    static async Task<(SslStream Client, SslStream Server)> ConnectAsync(X509Certificate2 certificate, SslProtocols protocol)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var tcp = new TcpClient();
        var accepting = listener.AcceptTcpClientAsync();
        await tcp.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var client = new SslStream(tcp.GetStream(), false, (_, _, _, _) => true);
        var server = new SslStream((await accepting).GetStream());
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Task.WhenAll(
            client.AuthenticateAsClientAsync(new() { TargetHost = "localhost", EnabledSslProtocols = protocol }, late.Token),
            server.AuthenticateAsServerAsync(new() { ServerCertificate = certificate, EnabledSslProtocols = protocol }, late.Token));
        return (client, server);
    }

    static X509Certificate2 Rsa(HashAlgorithmName hash)
    {
        using var key = RSA.Create(2048);
        return Usable(new CertificateRequest("CN=localhost", key, hash, RSASignaturePadding.Pkcs1));
    }

    static X509Certificate2 Ecdsa(HashAlgorithmName hash)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Usable(new CertificateRequest("CN=localhost", key, hash));
    }

    static X509Certificate2 Usable(CertificateRequest request) =>
        request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
}
